import NIOCore
import Territory
import Testing

@testable import PortalService

@Suite struct HTMLTests {
    @Test func `text is escaped, markup is not, and nothing can stand in for a slot`() {
        let hostile = "<script>\"'&\u{F8D0}\u{0}\u{7}"
        let page: HTML = "<p title=\"\(hostile)\">\(hostile)</p>"
        #expect(page.text == "<p title=\"&lt;script&gt;&quot;&#39;&amp;\">&lt;script&gt;&quot;&#39;&amp;</p>")
        let inner: HTML = "<b>\("x")</b>"
        let outer: HTML = "<p>\(inner)\([inner, inner])\(3)\(HTML?.none)</p>"
        #expect(outer.text == "<p><b>x</b><b>x</b><b>x</b>3</p>")
    }

    @Test func `a shell is cut at its slots and filled in order`() {
        let page: HTML = "<a>\(HTML.slot(0))</a><b>\(HTML.slot(1))\(HTML.slot(0))</b>"
        let buffer = PageShell(page).buffer(["1", "2"])
        #expect(String(buffer: buffer) == "<a>1</a><b>21</b>")
        #expect(String(buffer: PageShell(page).buffer([])) == "<a></a><b></b>")
    }

    @Test func `languages: explicit choice, then Accept-Language by quality, then French`() {
        func choose(_ explicit: String?, _ header: String?) -> Language {
            .choose(explicit: explicit, acceptLanguage: header, offered: [.french, .english])
        }
        #expect(choose("en", "fr") == .english && choose("xx", "en") == .english && choose(nil, nil) == .french)
        #expect(choose(nil, "en-GB,fr;q=0.9") == .english && choose(nil, "de, en;q=0.5, fr;q=0.7") == .french)
        #expect(choose(nil, "en;q=0") == .french && choose(nil, "*") == .french && choose(nil, ";;,,q=") == .french)
        #expect(Language.choose(explicit: "en", acceptLanguage: "en", offered: [.french]) == .french)
    }

    @Test func `messages name the line of each fault`() {
        let (_, faults) = Messages.parse("a = 1\nb\nc =\na = 2\n# x\n", language: .french, file: "fr.txt")
        #expect(faults == ["fr.txt:2: no `=`", "fr.txt:3: `c` is empty", "fr.txt:4: `a` comes twice"])
    }

    @Test func `the shipped texts load, and every language has every key`() throws {
        _ = try PortalTexts.load(from: PortalWorld.textsDirectory)
    }

    @Test func `a folder without texts names every missing file`() {
        let error = #expect(throws: PortalError.self) { try PortalTexts.load(from: "/nonexistent") }
        #expect(error?.code == .configuration)
        #expect(
            error?.detail.contains("messages/fr.txt") == true && error?.detail.contains("pages/terms.en.txt") == true)
    }

    @Test func `durations and volumes as people say them`() throws {
        let texts = try PortalTexts.load(from: PortalWorld.textsDirectory)
        let (fr, en) = (texts.messages(.french), texts.messages(.english))
        #expect(fr.duration(seconds: 59) == "moins d’une minute" && fr.duration(seconds: 60) == "1 min")
        #expect(fr.duration(seconds: 5_400) == "1 h 30 min" && fr.duration(seconds: 7_200) == "2 h")
        #expect(fr.volume(octets: 350_000_000) == "350 Mo" && fr.volume(octets: 1_500_000_000) == "1,5 Go")
        #expect(en.volume(octets: 1_500_000_000) == "1.5 GB" && en.volume(octets: -1) == "0 MB")
        #expect(fr.wait(seconds: 0) == "1 s" && fr.wait(seconds: 119) == "119 s" && fr.wait(seconds: 121) == "3 min")
    }
}
