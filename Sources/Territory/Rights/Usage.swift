/// What was used: of a subject on one day, or what one accounting record adds to it.
public struct Usage: Sendable, Hashable {
    /// Connected seconds, summed over devices.
    public var seconds: Int64
    /// From the visitor.
    public var inputOctets: Int64
    /// To the visitor.
    public var outputOctets: Int64

    /// Nothing.
    public static let zero = Usage(seconds: 0, inputOctets: 0, outputOctets: 0)

    /// That much.
    public init(seconds: Int64, inputOctets: Int64, outputOctets: Int64) {
        self.seconds = seconds
        self.inputOctets = inputOctets
        self.outputOctets = outputOctets
    }

    /// Both directions; the largest integer where the sum would not fit.
    public var octets: Int64 {
        let (sum, overflow) = inputOctets.addingReportingOverflow(outputOctets)
        return overflow ? .max : sum
    }

    /// Sums, each part stopping at the largest integer.
    public static func + (left: Usage, right: Usage) -> Usage {
        let add = { (a: Int64, b: Int64) in
            let (sum, overflow) = a.addingReportingOverflow(b)
            return overflow ? Int64.max : sum
        }
        return Usage(
            seconds: add(left.seconds, right.seconds), inputOctets: add(left.inputOctets, right.inputOctets),
            outputOctets: add(left.outputOctets, right.outputOctets))
    }

    /// Adds in place.
    public static func += (left: inout Usage, right: Usage) { left = left + right }
}
