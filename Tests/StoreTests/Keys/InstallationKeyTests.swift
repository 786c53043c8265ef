import Foundation
import OpenSSL
import Store
import Testing

struct InstallationKeyTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-key-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "installation.key").path)
    }

    @Test func `makes a file of 32 octets that its owner alone can read, and reads it again`() throws {
        try withFolder { path in
            let made = try InstallationKey.create(at: path)
            let read = try InstallationKey.load(from: path)
            #expect(made.subkey("x") == read.subkey("x"))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int == 32)
        }
    }

    @Test func `never overwrites a key`() throws {
        try withFolder { path in
            let first = try InstallationKey.create(at: path)
            #expect(throws: StoreError(.keyFileNotCreated, "")) { try InstallationKey.create(at: path) }
            #expect(try InstallationKey.loadOrCreate(at: path).subkey("x") == first.subkey("x"))
        }
    }

    @Test func `gives all that start at once the same key, and leaves no other file`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-key-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "installation.key").path
        let subkeys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try InstallationKey.loadOrCreate(at: path).subkey("x") } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(subkeys.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["installation.key"])
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o601])
    func `refuses a file that others have rights on`(mode: Int) throws {
        try withFolder { path in
            _ = try InstallationKey.create(at: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: StoreError(.keyFileExposed, "")) { try InstallationKey.load(from: path) }
        }
    }

    @Test func `takes a credential of systemd that its group may read, and no other file of that mode`() throws {
        try withFolder { path in
            let made = try InstallationKey.create(at: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: path)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(try InstallationKey.load(from: path, credentials: folder).subkey("x") == made.subkey("x"))
            for elsewhere in [nil, "", "/", "/run/credentials/x", "\(folder)/installation", "\(folder)/.."] {
                #expect(throws: StoreError(.keyFileExposed, ""), "\(elsewhere ?? "none")") {
                    try InstallationKey.load(from: path, credentials: elsewhere)
                }
            }
        }
    }

    @Test(arguments: [0o460, 0o444, 0o450, 0o441])
    func `refuses a credential on which the group may do more than read, or others anything`(mode: Int) throws {
        try withFolder { path in
            _ = try InstallationKey.create(at: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(throws: StoreError(.keyFileExposed, "")) {
                try InstallationKey.load(from: path, credentials: folder)
            }
        }
    }

    @Test(arguments: [0, 31, 33])
    func `refuses a file of another size than 32 octets`(size: Int) throws {
        try withFolder { path in
            let made = FileManager.default.createFile(
                atPath: path, contents: Data(count: size), attributes: [.posixPermissions: 0o600])
            #expect(made)
            #expect(throws: StoreError(.keyFileSize, "")) { try InstallationKey.load(from: path) }
        }
    }

    @Test func `refuses a file that is not there, and a folder`() throws {
        #expect(throws: StoreError(.keyFileUnreadable, "")) { try InstallationKey.load(from: "/nonexistent/key") }
        #expect(throws: StoreError(.keyFileUnreadable, "")) { try InstallationKey.load(from: "/tmp") }
    }

    @Test func `derives sub-keys by HMAC-SHA-256 of the label`() throws {
        let octets = [UInt8](0..<32)
        let key = try InstallationKey(octets: octets)
        #expect(key.subkey("voucher") == Digest.hmacSHA256(key: octets, Array("voucher".utf8)))
        #expect(key.subkey("voucher") != key.subkey("secrets"))
    }

    @Test func `says nothing of any key in descriptions and dumps`() throws {
        let key = try InstallationKey(octets: [UInt8](repeating: 0xa7, count: 32))
        let keys = InstallationKeys(key)
        var text = "\(key) \(keys) \(keys.secrets) \(keys.vouchers) \(keys.grants) \(keys.classes) "
        dump((key, keys), to: &text)
        text += String(reflecting: key) + String(reflecting: keys)
        #expect(!text.contains("167"))
        #expect(!text.contains(Hex.encode(keys.subkey("voucher"))))
    }
}
