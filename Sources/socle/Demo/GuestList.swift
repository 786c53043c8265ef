import Territory

/// Codes and where they work: a CSV file as `voucher create --csv` writes it.
enum GuestList {
    struct Guest: Equatable {
        let site, code: String
    }

    static func read(_ path: String) throws -> [Guest] {
        let table = try CSVReader().read(try CommandFile.read(path), file: path)
        guard let site = table.header.firstIndex(of: "site"), let code = table.header.firstIndex(of: "code") else {
            throw Failure(.data, "\(path):1: there are no columns site and code")
        }
        let guests = table.rows.map { Guest(site: $0.fields[site].text, code: $0.fields[code].text) }
        guard !guests.isEmpty else { throw Failure(.data, "\(path): there is no row") }
        return guests
    }
}
