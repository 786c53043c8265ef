import Foundation

/// A value kept in a `jsonb` column: text out with sorted keys, so that equal values are equal bytes, and back.
public protocol JSONDocument: Codable {}

extension JSONDocument {
    /// Reads JSON text. Throws `malformedDocument`, whose context names the key but never the value.
    public init(json: String) throws(TerritoryError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch let error as DecodingError {
            throw TerritoryError(.malformedDocument, "\(Self.self): at \(error.keyPath)")
        } catch {
            throw TerritoryError(.malformedDocument, "\(Self.self)")
        }
    }

    /// JSON text with sorted keys and no spaces.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our documents hold text, integers and finite numbers, which always encode.
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension DecodingError {
    fileprivate var keyPath: String {
        let context: Context? =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context
            case .keyNotFound(let key, let context):
                Context(codingPath: context.codingPath + [key], debugDescription: "")
            @unknown default: nil
            }
        let path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
        return path.isEmpty ? "the top" : path
    }
}
