import Foundation

/// The YAML files of a directory.
enum DocumentFiles {
    /// Most files in a directory of ours.
    static let maximumCount = 500

    /// Name without extension, file name and text of each `*.yaml`, in order of names. A file that is too large or not
    /// UTF-8 is a fault.
    static func read(_ directory: URL) throws(TerritoryError) -> (
        files: [(name: String, file: String, text: String)], faults: [DocumentFault]
    ) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
                .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
        } catch {
            throw TerritoryError(.unreadable, directory.path)
        }
        guard names.count <= maximumCount else {
            throw TerritoryError(.unreadable, "\(directory.path): more than \(maximumCount) files")
        }
        var files: [(name: String, file: String, text: String)] = []
        var faults: [DocumentFault] = []
        for file in names {
            switch text(of: directory.appendingPathComponent(file)) {
            case .success(let text): files.append((String(file.dropLast(".yaml".count)), file, text))
            case .failure(let reason):
                faults.append(.init(file: file, line: 1, keyPath: "", message: reason.description))
            }
        }
        return (files, faults)
    }

    enum Refusal: Error, CustomStringConvertible {
        case unreadable, tooLarge, notUTF8
        var description: String {
            switch self {
            case .unreadable: "cannot be read"
            case .tooLarge: "is larger than \(DocumentLimits.fileBytes) bytes"
            case .notUTF8: "is not UTF-8"
            }
        }
    }

    /// The text of one file, at most `DocumentLimits.fileBytes` of UTF-8.
    static func text(of url: URL) -> Result<String, Refusal> {
        let data: Data
        do {
            data = try FileHandle(forReadingFrom: url).read(upToCount: DocumentLimits.fileBytes + 1) ?? Data()
        } catch {
            return .failure(.unreadable)
        }
        guard data.count <= DocumentLimits.fileBytes else { return .failure(.tooLarge) }
        guard let text = String(validating: data, as: UTF8.self) else { return .failure(.notUTF8) }
        return .success(text)
    }
}
