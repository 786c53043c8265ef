import Testing

@testable import socle

struct LoadCredentialTests {
    @Test func `reads login,password lines and keeps commas of the password`() throws {
        let found = try LoadCredential.parse("a,b\r\nc,d,e\n")
        #expect(
            found == [
                LoadCredential(login: "a", password: [98]), LoadCredential(login: "c", password: Array("d,e".utf8)),
            ])
    }

    @Test func `names the line that is not a credential`() {
        #expect(throws: LoadFault.self) { try LoadCredential.parse("a,b\nc") }
        do {
            _ = try LoadCredential.parse("a,b\nc")
        } catch {
            #expect("\(error)".contains("line 2"))
        }
    }

    @Test func `a process is named by label and number`() {
        #expect(ProcessCPU(argument: "server:12")?.pid == 12)
        #expect(ProcessCPU(argument: "server") == nil)
        #expect(ProcessCPU(argument: "server:-1") == nil)
    }
}
