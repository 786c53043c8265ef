/// A place on Earth, WGS 84, in degrees.
public struct Coordinates: Sendable, Hashable, Codable {
    /// -90 … 90, north positive.
    public let latitude: Double
    /// -180 … 180, east positive.
    public let longitude: Double

    /// Nil outside the ranges, or for what is not a number.
    public init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}
