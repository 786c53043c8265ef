/// Sizes as people write them: `4096`, `512MiB`, `2GiB`, `10GB`.
enum ByteSize {
    private static let units: [(String, Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    /// Bytes; nil when the text is no size or does not fit.
    static func parse(_ text: String) -> Int? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count)
            guard let count = Int(number.last == " " ? number.dropLast() : number), count >= 0 else { return nil }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
            return overflow ? nil : bytes
        }
        return Int(text).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The largest binary unit that divides it, for a description.
    static func text(_ bytes: Int) -> String {
        for (unit, factor) in units.prefix(4).reversed() where bytes >= factor && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)"
    }
}
