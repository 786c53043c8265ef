import Testing

@testable import socle

@Suite struct TableTests {
    @Test func `aligns columns and leaves no blank at the end of a line`() {
        var table = Table(["site", "sessions"], right: ["sessions"])
        table.add(["mairie-de-void", "7"])
        table.add(["x\ny", "120"])
        #expect(table.text == "site            sessions\nmairie-de-void         7\nx y                  120")
    }
}
