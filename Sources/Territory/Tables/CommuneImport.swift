import Foundation

/// The communes of a CSV file, all of them or none.
public struct CommuneImport: Sendable, Hashable {
    /// One commune.
    public struct Commune: Sendable, Hashable {
        /// Five characters, `55029`, `2A004`.
        public let codeINSEE: String
        /// 1 … 200 characters.
        public let name: String
        /// Its centre, where the file has it.
        public let coordinates: Coordinates?
        /// Where the file has it, counted from 1.
        public let line: Int

        /// The Département's code: `55`, `2A`, `974`.
        public var codeDepartement: String {
            String(codeINSEE.prefix(codeINSEE.hasPrefix("97") || codeINSEE.hasPrefix("98") ? 3 : 2))
        }
    }

    /// What the file was written in.
    public let encoding: TextDecoding.Encoding
    /// In the order of the file.
    public let communes: [Commune]

    private enum Column: String, CaseIterable {
        case code = "code_insee"
        case name = "nom"
        case latitude, longitude

        /// Spellings of headers, as ``normalised(_:)`` leaves them, in files that the State and regions publish.
        var aliases: [String] {
            switch self {
            case .code:
                ["code_insee", "insee", "insee_com", "codgeo", "code_commune", "code_commune_insee", "depcom", "com"]
            case .name: ["nom", "nom_commune", "nom_com", "nom_standard", "libelle", "libgeo", "commune", "name"]
            case .latitude: ["latitude", "lat", "latitude_centre", "latitude_mairie"]
            case .longitude: ["longitude", "lon", "lng", "long", "longitude_centre", "longitude_mairie"]
            }
        }
    }

    /// Reads a file's bytes; `file` is the name for faults. Needs columns `code_insee` and `nom`; `latitude` and
    /// `longitude` come together; others are ignored. Throws `faultyTable` with every fault.
    public init(_ bytes: [UInt8], file: String, reader: CSVReader = CSVReader()) throws(TerritoryError) {
        let table = try reader.read(bytes, file: file)
        var faults: [DocumentFault] = []
        let columns = Self.columns(of: table, &faults)
        guard faults.isEmpty else { throw TerritoryError(.faultyTable, file, faults: faults) }
        var communes: [Commune] = []
        var lines: [String: Int] = [:]
        for row in table.rows where faults.count < reader.faults {
            guard let commune = Self.commune(row, columns, table, &faults) else { continue }
            if let first = lines[commune.codeINSEE] {
                let field = columns[.code].map { row.fields[$0] }
                faults.append(
                    .init(
                        file: file, line: row.line, column: field?.column, keyPath: Column.code.rawValue,
                        message: "\(commune.codeINSEE) is on line \(first) already"))
            }
            lines[commune.codeINSEE] = lines[commune.codeINSEE] ?? row.line
            communes.append(commune)
        }
        guard faults.isEmpty else { throw TerritoryError(.faultyTable, file, faults: faults) }
        self.encoding = table.encoding
        self.communes = communes
    }

    private static func columns(of table: CSVTable, _ faults: inout [DocumentFault]) -> [Column: Int] {
        let header = table.header.map(normalised)
        var columns: [Column: Int] = [:]
        for column in Column.allCases {
            let matches = header.indices.filter { column.aliases.contains(header[$0]) }
            // A file may have both `nom` and `nom_standard`: the first alias in our order is the one that is meant.
            columns[column] = column.aliases.lazy.compactMap { alias in matches.first { header[$0] == alias } }.first
            if let chosen = columns[column], matches.count(where: { header[$0] == header[chosen] }) > 1 {
                faults.append(fault(table, "has two columns named \"\(table.header[chosen])\"", column))
            }
        }
        for column in [Column.code, .name] where columns[column] == nil {
            let names = column.aliases.joined(separator: ", ")
            faults.append(fault(table, "has no such column; names are \(names)", column))
        }
        if (columns[.latitude] == nil) != (columns[.longitude] == nil) {
            let missing: Column = columns[.latitude] == nil ? .latitude : .longitude
            faults.append(fault(table, "is missing, and latitude and longitude come together", missing))
        }
        return columns
    }

    private static func fault(_ table: CSVTable, _ message: String, _ column: Column) -> DocumentFault {
        DocumentFault(file: table.file, line: 1, keyPath: column.rawValue, message: message)
    }

    private static func commune(
        _ row: CSVTable.Row, _ columns: [Column: Int], _ table: CSVTable, _ faults: inout [DocumentFault]
    ) -> Commune? {
        let before = faults.count
        func text(_ column: Column) -> String {
            columns[column].map { row.fields[$0].text.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        }
        func refuse(_ column: Column, _ message: String) {
            let field = columns[column].map { row.fields[$0] }
            faults.append(
                .init(
                    file: table.file, line: field?.line ?? row.line, column: field?.column, keyPath: column.rawValue,
                    message: message))
        }
        let code = text(.code).uppercased()
        if let reason = refusal(ofCode: code) { refuse(.code, reason) }
        let name = text(.name)
        if name.isEmpty { refuse(.name, "is empty") }
        if name.count > 200 { refuse(.name, "has \(name.count) characters, wanted at most 200") }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            refuse(.name, "has a line end or another control character")
        }
        let (north, east) = (text(.latitude), text(.longitude))
        var coordinates: Coordinates?
        if !north.isEmpty || !east.isEmpty {
            let latitude = degrees(north, table.separator)
            let longitude = degrees(east, table.separator)
            if latitude.map({ (-90...90).contains($0) }) != true { refuse(.latitude, "wanted degrees from -90 to 90") }
            if longitude.map({ (-180...180).contains($0) }) != true {
                refuse(.longitude, "wanted degrees from -180 to 180")
            }
            if let latitude, let longitude { coordinates = Coordinates(latitude: latitude, longitude: longitude) }
        }
        guard faults.count == before else { return nil }
        return Commune(codeINSEE: code, name: name, coordinates: coordinates, line: row.line)
    }

    private static func refusal(ofCode code: String) -> String? {
        let characters = Array(code.utf8)
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        if characters.count == 4, characters.allSatisfy(isDigit) {
            return "\"\(code)\" has four digits: a spreadsheet may have dropped the leading zero"
        }
        let isCorsica = code.hasPrefix("2A") || code.hasPrefix("2B")
        guard characters.count == 5, isDigit(characters[0]), isCorsica || isDigit(characters[1]),
            characters[2...].allSatisfy(isDigit)
        else { return "\"\(code.prefix(20))\" is no INSEE code such as 55029 or 2A004" }
        return nil
    }

    /// Degrees with a point, or with a comma where commas do not separate fields.
    private static func degrees(_ text: String, _ separator: CSVTable.Separator) -> Double? {
        let plain = separator == .comma ? text : text.replacing(",", with: ".")
        let allowed = plain.utf8.allSatisfy { "0123456789.-+".utf8.contains($0) }
        return allowed ? Double(plain) : nil
    }

    private static func normalised(_ header: String) -> String {
        let folded = header.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        var result = ""
        for scalar in folded.decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.properties.canonicalCombiningClass != .notReordered { continue }
            result.unicodeScalars.append(scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) ? scalar : "_")
        }
        return result
    }
}
