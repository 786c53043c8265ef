import Foundation

/// A row of `access.every_session`, as far as the tests ask.
struct SessionRow: Sendable {
    static let columns = """
        acct_session_id, coalesce(subject_kind, ''), coalesce(calling_station, ''), input_octets, output_octets, \
        session_seconds, coalesce(stopped_at::text, ''), inferred_stop, coalesce(terminate_cause, '')
        """

    let identifier: String
    let subjectKind: String
    let station: String
    let inputOctets: Int64
    let outputOctets: Int64
    let seconds: Int64
    let stoppedAt: String?
    let inferredStop: Bool
    let terminateCause: String?

    /// A row of the columns above; nil for another shape.
    init?(_ values: [String]) {
        guard values.count == 9, let input = Int64(values[3]), let output = Int64(values[4]),
            let seconds = Int64(values[5])
        else { return nil }
        (identifier, subjectKind, station) = (values[0], values[1], values[2])
        (inputOctets, outputOctets, self.seconds) = (input, output, seconds)
        stoppedAt = values[6].isEmpty ? nil : values[6]
        inferredStop = values[7] == "t"
        terminateCause = values[8].isEmpty ? nil : values[8]
    }
}
