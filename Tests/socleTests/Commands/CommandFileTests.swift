import Foundation
import Store
import Territory
import Testing

@testable import socle

@Suite struct CommandFileTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test(arguments: ["s3cret", "s3cret\n", "s3cret\r\n", "s3cret\nsecond line\n"])
    func `a secret is the first line of its file`(text: String) throws {
        try withFolder { folder in
            let file = folder.appending(path: "secret")
            try Data(text.utf8).write(to: file)
            #expect(try CommandFile.secret(file.path).text == "s3cret")
        }
    }

    @Test func `an empty or missing secret file is refused`() throws {
        try withFolder { folder in
            let file = folder.appending(path: "secret").path
            #expect(throws: Failure.self) { try CommandFile.secret(file) }
            try Data("\n".utf8).write(to: URL(filePath: file))
            #expect(throws: Failure.self) { try CommandFile.secret(file) }
        }
    }

    @Test func `codes go to a new file that its owner alone may read, and never over an old one`() throws {
        try withFolder { folder in
            let file = folder.appending(path: "codes.csv").path
            let request = NewVoucher(
                organisation: 1, label: "mariage; du 12", devices: 3, validFrom: .now,
                validUntil: Date(timeIntervalSince1970: 1_800_000_000))
            let code = VoucherCode.random()
            try VoucherOutput(csv: file, site: "mairie-x", request).write([code])
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(
                text
                    == "code,site,label,devices,valid_until\r\n\(code.display),mairie-x,\"mariage; du 12\",3,2027-01-15T08:00:00Z\r\n"
            )
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            let failure = #expect(throws: Failure.self) { try VoucherOutput(csv: file, site: "", request) }
            #expect(failure?.status == socle.ExitStatus.exists)
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=1+1", "'=1+1"), ("@x", "'@x"),
        ("two\nlines", "\"two\nlines\""),
    ])
    func `a field is quoted where it must be, and no formula for a spreadsheet`(text: String, field: String) {
        #expect(CSVField.quoted(text) == field)
    }

    @Test func `guests are read from what voucher create writes`() throws {
        try withFolder { folder in
            let file = folder.appending(path: "guests.csv").path
            try "code,site\nABCDE-FGHJK,mairie-x\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try GuestList.read(file) == [.init(site: "mairie-x", code: "ABCDE-FGHJK")])
            try "code,place\nA,b\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(throws: Failure.self) { try GuestList.read(file) }
        }
    }
}
