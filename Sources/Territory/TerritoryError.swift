/// Why this module refuses an input. Equality is on the code, so that tests and callers do not depend on a wording.
public struct TerritoryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as a closed set.
    public enum Code: String, Sendable, CaseIterable {
        /// Text or bytes that are not the JSON document this module writes.
        case malformedDocument
        /// Opening hours that do not follow the accepted subset of the OpenStreetMap notation.
        case malformedOpeningHours
        /// A file or a directory that cannot be read.
        case unreadable
        /// No package, profile or release of that name.
        case unknownName
        /// A file with faults; ``TerritoryError/faults`` has them all.
        case faultyDocument
        /// A CSV file with faults; the context has the first, the reader's result has them all.
        case faultyTable
    }

    /// What went wrong.
    public let code: Code
    /// Where and how, without secret and without anything about a person.
    public let context: String
    /// Every fault of the document, with file, line and key; empty unless the code is `faultyDocument`.
    public let faults: [DocumentFault]

    /// An error of the given code.
    public init(_ code: Code, _ context: String = "", faults: [DocumentFault] = []) {
        self.code = code
        self.context = context
        self.faults = faults
    }

    /// Equality of codes.
    public static func == (left: TerritoryError, right: TerritoryError) -> Bool { left.code == right.code }

    /// The code, the context and every fault, a line each; safe to log.
    public var description: String {
        let head = context.isEmpty ? code.rawValue : "\(code.rawValue): \(context)"
        return ([head] + faults.map(\.description)).joined(separator: "\n")
    }
}
