import Testing

extension Installation {
    /// Compares the ledger of a gateway with what is stored, once what was spooled has drained: nothing lost, nothing twice.
    func holds(_ ledger: AccountingLedger) async throws {
        #expect(ledger.sessions.allSatisfy { $0.isComplete })
        var faults = LedgerFaults()
        _ = try? await eventually("all of it is stored", within: .seconds(60)) {
            faults = LedgerFaults(of: ledger, in: try await sessions(where: "true"))
            return faults.isEmpty ? true : nil
        }
        #expect(faults.isEmpty, "of \(ledger.sessions.count) sessions: \(faults)")
        let counted = try await query(
            "SELECT sum(input_octets), sum(output_octets) FROM access.usage GROUP BY subject_kind, subject_id")
        #expect(Set(counted) == Set(ledger.usage().map { [String($0.input), String($0.output)] }), "usage, once")
        print(
            "durability: \(ledger.acknowledgements) records of \(ledger.sessions.count) sessions acknowledged: \(faults)"
        )
    }
}
