/// Text files as people send them: UTF-8, UTF-16 of either order, or the Windows-1252 of a spreadsheet.
public enum TextDecoding {
    /// What a file was written in.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// UTF-8, with or without a byte order mark.
        case utf8 = "UTF-8"
        /// UTF-16, low byte first.
        case utf16LittleEndian = "UTF-16LE"
        /// UTF-16, high byte first.
        case utf16BigEndian = "UTF-16BE"
        /// Western European, of Windows.
        case windows1252 = "Windows-1252"
    }

    /// The text of a file, and what it was written in. A byte order mark decides; without one, zero bytes on every other
    /// place tell UTF-16, and what is not UTF-8 is Windows-1252. Nil where the bytes are not text in the encoding told.
    public static func decode(_ bytes: [UInt8]) -> (text: String, encoding: Encoding)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return String(validating: bytes.dropFirst(3), as: UTF8.self).map { ($0, .utf8) }
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), .utf16LittleEndian) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), .utf16BigEndian) }
        if let encoding = unmarkedUTF16(bytes) { return utf16(bytes[...], encoding) }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, .utf8) }
        return windows1252(bytes).map { ($0, .windows1252) }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ encoding: Encoding) -> (text: String, encoding: Encoding)? {
        guard bytes.count % 2 == 0 else { return nil }
        let bytes = Array(bytes)
        let low = encoding == .utf16LittleEndian ? 0 : 1
        let units = stride(from: 0, to: bytes.count, by: 2).map { index in
            UInt16(bytes[index + 1 - low]) << 8 | UInt16(bytes[index + low])
        }
        return String(validating: units, as: UTF16.self).map { ($0, encoding) }
    }

    /// Looks at the first hundred characters: a header is ASCII, so half its bytes are zero in UTF-16.
    private static func unmarkedUTF16(_ bytes: [UInt8]) -> Encoding? {
        let head = bytes.prefix(200)
        guard head.count >= 8, head.count % 2 == 0 else { return nil }
        let zeros = { (parity: Int) in head.indices.count { $0 % 2 == parity && head[$0] == 0 } }
        let half = head.count / 2
        if zeros(1) * 10 >= half * 9 { return .utf16LittleEndian }
        if zeros(0) * 10 >= half * 9 { return .utf16BigEndian }
        return nil
    }

    private static func windows1252(_ bytes: [UInt8]) -> String? {
        // 0x80 … 0x9F; zero where Windows-1252 has no character.
        let high: [UInt32] = [
            0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
            0x017D,
            0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,
            0x017E, 0x0178,
        ]
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            let value = (0x80...0x9F).contains(byte) ? high[Int(byte) - 0x80] : UInt32(byte)
            guard value != 0 || byte == 0, let scalar = Unicode.Scalar(value) else { return nil }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
