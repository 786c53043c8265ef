import Foundation
import Store

/// Where the codes of new vouchers go: to standard output, or to a new CSV file that its owner alone may read.
struct VoucherOutput {
    private let file: PrivateFile?
    private let row: String

    /// Makes the file before any voucher is made: codes that cannot be written down would be lost.
    init(csv: String?, site: String, _ request: NewVoucher) throws(Failure) {
        let until = request.validUntil.formatted(.iso8601)
        row = ",\(site),\(CSVField.quoted(request.label)),\(request.devices),\(until)\r\n"
        guard let csv else {
            file = nil
            return
        }
        let made = try PrivateFile(creating: csv)
        try made.append("code,site,label,devices,valid_until\r\n")
        file = made
    }

    /// Writes codes down, durably.
    func write(_ codes: [VoucherCode]) throws(Failure) {
        guard let file else { return Console.print(codes.map(\.display).joined(separator: "\n")) }
        try file.append(codes.map { $0.display + row }.joined())
    }
}

/// A field of a CSV file that a spreadsheet reads.
enum CSVField {
    /// Quoted where it must be. A field that a spreadsheet would take for a formula gets an apostrophe before it.
    static func quoted(_ text: String) -> String {
        let guarded = text.first.map { "=+-@\t".contains($0) } == true ? "'" + text : text
        guard guarded.contains(where: { ",;\"\n\r".contains($0) || $0.isNewline }) else { return guarded }
        return "\"" + guarded.replacing("\"", with: "\"\"") + "\""
    }
}
