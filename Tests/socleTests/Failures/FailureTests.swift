import Postgres
import Store
import Testing

@testable import socle

@Suite struct FailureTests {
    @Test(arguments: [
        (PostgresError.Code.connectionFailed, socle.ExitStatus.unavailable), (.unknownOutcome, .unavailable),
        (.server(sqlState: "42501"), .permission), (.server(sqlState: "42P01"), .configuration),
        (.server(sqlState: "23505"), .exists), (.server(sqlState: "XX000"), .software),
        (.configuration, .configuration),
        (.migration, .configuration), (.decoding, .software),
    ])
    func `an error of PostgreSQL ends with the status a script can act on`(
        code: PostgresError.Code, status: socle.ExitStatus
    ) {
        #expect(Failure(describing: PostgresError(code, "x"))?.status == status)
    }

    @Test(arguments: StoreError.Code.allCases)
    func `every refusal of the store has words and a status`(code: StoreError.Code) {
        let failure = Failure(describing: StoreError(code, "site mairie"))
        #expect(failure?.what.contains("mairie") == true)
        #expect(failure?.what.filter(\.isNewline).isEmpty == true)
    }

    @Test func `what the server says of a row is not repeated`() {
        let error = PostgresError(
            .server(sqlState: "23505"), "", constraint: "account_login_key", serverText: "(login)=(jeanne)")
        #expect(Failure(describing: error)?.description.contains("jeanne") == false)
        #expect(Failure(describing: error)?.description.contains("account_login_key") == true)
    }
}
