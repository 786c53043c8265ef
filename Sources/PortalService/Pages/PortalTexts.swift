import Foundation
import Territory

/// Everything the portal says, in every language, read once from the `config/portal` folder.
public struct PortalTexts: Sendable {
    /// The long texts.
    enum Document: String, Sendable, CaseIterable {
        case terms, privacy, accessibility
    }

    private let messages: [Language: Messages]
    private let documents: [Language: [Document: TextDocument]]

    /// Reads `messages/LANGUAGE.txt` and `pages/DOCUMENT.LANGUAGE.txt` below `directory`.
    ///
    /// Throws `.configuration` with every fault of every file, each with file and line: files that are missing, keys that
    /// one language has and another has not.
    public static func load(from directory: String) throws(PortalError) -> PortalTexts {
        var faults: [String] = []
        var messages: [Language: Messages] = [:]
        var documents: [Language: [Document: TextDocument]] = [:]
        for language in Language.allCases {
            let path = "messages/\(language.rawValue).txt"
            if let text = read(path, in: directory, &faults) {
                let read = Messages.parse(text, language: language, file: path)
                messages[language] = read.messages
                faults += read.faults
            }
            for document in Document.allCases {
                let path = "pages/\(document.rawValue).\(language.rawValue).txt"
                guard let text = Self.read(path, in: directory, &faults) else { continue }
                let read = TextDocument.parse(Messages.typographic(text, language), file: path)
                documents[language, default: [:]][document] = read.document
                faults += read.faults
            }
        }
        faults += differences(messages)
        guard faults.isEmpty else { throw PortalError(.configuration, faults.joined(separator: "\n")) }
        return PortalTexts(messages: messages, documents: documents)
    }

    /// The short texts of a language.
    func messages(_ language: Language) -> Messages {
        messages[language] ?? Messages.parse("", language: language, file: "").messages
    }

    /// A long text of a language.
    func document(_ document: Document, _ language: Language) -> TextDocument {
        documents[language]?[document] ?? TextDocument(version: "", title: "", blocks: [])
    }

    private static func read(_ path: String, in directory: String, _ faults: inout [String]) -> String? {
        guard let text = try? String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8) else {
            faults.append("\(path): cannot be read as UTF-8 text")
            return nil
        }
        return text
    }

    private static func differences(_ messages: [Language: Messages]) -> [String] {
        let keys = messages.values.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        return Language.allCases.flatMap { language in
            keys.subtracting(messages[language]?.keys ?? keys).sorted().map {
                "messages/\(language.rawValue).txt: no `\($0)`"
            }
        }
    }
}
