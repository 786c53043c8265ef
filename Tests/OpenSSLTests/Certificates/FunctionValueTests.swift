import Foundation
import Testing

@Suite struct FunctionValueTests {
    /// Beside BoringSSL in one executable, `PKCS12_free` taken as a value was BoringSSL's, and freed OpenSSL's memory.
    @Test func `no function of libcrypto is taken as a value, because BoringSSL's of that name may be linked instead`()
        throws
    {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        let using = try files.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
            .filter { $0.1.contains("import COpenSSL") }
        #expect(using.count > 20, "the sources were not found")
        #expect(using.flatMap { file, text in Self.values(in: text).map { "\(file): \($0)" } } == [])
    }

    @Test(arguments: [
        ("f(free: X509_free)", 1), ("f(free: { X509_free($0) })", 0), ("f(EVP_PKEY_free, 1)", 1),
        ("let g = BIO_free\n", 1),
        ("// as X509_free, never", 0),
    ])
    func `finds a function that is taken as a value`(line: String, count: Int) {
        #expect(Self.values(in: line).count == count)
    }

    /// Names that end in `_free` or `_new` and are not called.
    private static func values(in text: String) -> [String] {
        let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
        return code.matches(of: /\b[A-Za-z][A-Za-z0-9_]*_(free|new|up_ref)\b(?!\()/).map { String($0.output.0) }
    }
}
