import Foundation
import Territory
import Testing

@testable import socle

@Suite struct ChosenPasswordTests {
    @Test func `takes 128 octets, which is what User-Password carries, and refuses 129 (RFC 2865 §5.2)`() throws {
        _ = try ChosenPassword(String(repeating: "a", count: 128), keepingNTHash: true)
        for text in [String(repeating: "a", count: 129), String(repeating: "é", count: 65)] {
            let failure = #expect(throws: Failure.self) { try ChosenPassword(text, keepingNTHash: false) }
            #expect(failure?.status == .data)
            #expect(failure?.what.contains("RFC 2865 §5.2") == true)
            #expect(failure?.what.contains("\(text.utf8.count) octets") == true)
        }
    }

    @Test func `keeps an NT hash where it is asked for, that of RFC 2759 §9.2`() throws {
        let kept = try ChosenPassword("clientPass", keepingNTHash: true)
        #expect(
            kept.nt?.bytes == [
                0x44, 0xEB, 0xBA, 0x8D, 0x53, 0x12, 0xB8, 0xD6, 0x11, 0x47, 0x44, 0x11, 0xF5, 0x69, 0x89, 0xAE,
            ])
        #expect(PasswordHash.matches("clientPass", kept.hash))
        #expect(try ChosenPassword("clientPass", keepingNTHash: false).nt == nil)
    }

    @Test func `refuses a zero octet, which would end the password for crypt`() {
        let failure = #expect(throws: Failure.self) { try ChosenPassword("a\0b", keepingNTHash: false) }
        #expect(failure?.status == .data)
    }

    @Test func `reads the first line of a file, and refuses what is no text`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "socle-password-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "fontaine de la mairie\r\nsecond line".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(PasswordHash.matches("fontaine de la mairie", try ChosenPassword.read(file, keepingNTHash: false).hash))
        try Data([0x66, 0xff, 0x0a]).write(to: URL(filePath: file))
        #expect(throws: Failure.self) { try ChosenPassword.read(file, keepingNTHash: false) }
    }
}
