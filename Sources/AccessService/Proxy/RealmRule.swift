/// What becomes of the logins of some realms.
public struct RealmRule: Hashable, Sendable {
    /// Where a login goes.
    public enum Target: Hashable, Sendable {
        /// Nowhere: the realm is ours.
        case local
        /// Nowhere: it is refused here. For realms that no home server will ever know.
        case reject
        /// To a pool of home servers, by name.
        case pool(String)
    }

    /// `example.fr` alone; `*.example.fr` for everything below it and not itself; `*` for every other realm. Without case.
    public var pattern: String
    /// Where they go.
    public var target: Target

    /// A rule.
    public init(_ pattern: String, _ target: Target) { (self.pattern, self.target) = (pattern, target) }

    /// Whether the pattern is one of the three.
    public static func isPattern(_ text: String) -> Bool {
        if text == "*" { return true }
        if text.hasPrefix("*.") {
            // `*.fr` is for all of a top-level domain, whose own name has no dot.
            let rest = text.dropFirst(2)
            return NetworkAccessIdentifier.isRealm(rest) || NetworkAccessIdentifier.isRealm("x." + rest)
        }
        return NetworkAccessIdentifier.isRealm(text[...])
    }
}
