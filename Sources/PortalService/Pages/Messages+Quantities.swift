/// Durations, volumes and moments as people say them.
extension Messages {
    /// `1 h 30 min`, `12 min`, `moins d’une minute`.
    func duration(seconds: Int) -> String {
        let minutes = max(0, seconds) / 60
        guard minutes > 0 else { return self("unit.lessThanMinute") }
        let hours = self("unit.hour", ["n": String(minutes / 60)])
        let rest = self("unit.minute", ["n": String(minutes % 60)])
        if minutes < 60 { return rest }
        return minutes % 60 == 0 ? hours : "\(hours) \(rest)"
    }

    /// How long to wait: seconds below two minutes, whole minutes above.
    func wait(seconds: Int) -> String {
        seconds < 120 ? self("unit.second", ["n": String(max(1, seconds))]) : duration(seconds: seconds + 59)
    }

    /// `350 Mo`, `1,5 Go`: powers of ten, as operators count.
    func volume(octets: Int64) -> String {
        let megabytes = max(0, octets) / 1_000_000
        guard megabytes >= 1000 else { return self("unit.megabyte", ["n": String(megabytes)]) }
        let tenths = megabytes / 100
        let fraction = tenths % 10 == 0 ? "" : "\(self("unit.decimal"))\(tenths % 10)"
        return self("unit.gigabyte", ["n": "\(tenths / 10)\(fraction)"])
    }
}
