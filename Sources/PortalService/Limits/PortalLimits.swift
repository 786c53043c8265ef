import Territory

/// Every budget of the portal. A client is the device its gateway vouches for, else the address its request comes from:
/// behind a gateway that translates addresses many visitors share one, so what is bound to an address is larger.
struct PortalLimits: Sendable {
    /// Whose budget.
    struct Client: Hashable, Sendable {
        let site: SiteID
        let name: String
    }

    /// Logins, disconnects and other forms: ten at once, then one every three seconds.
    let forms = RateLimiter<Client>(burst: 10, refill: .seconds(3))
    /// The same, of one address.
    let formsByAddress = RateLimiter<Client>(burst: 120, refill: .milliseconds(250))
    /// Voucher codes that were wrong, of one client: five at once, then one a minute. A code has 49 bits: at the budget
    /// of a whole site, below, a year of guessing among a thousand valid vouchers succeeds once in 37 000.
    let codes = RateLimiter<Client>(burst: 5, refill: .seconds(60))
    /// Wrong codes of one address.
    let codesByAddress = RateLimiter<Client>(burst: 40, refill: .seconds(10))
    /// Wrong codes at one site, whoever types them.
    let codesBySite = RateLimiter<SiteID>(burst: 300, refill: .seconds(2))
    /// Passwords handed to gateways, of one client, whether right or wrong: the portal does not learn which.
    let passwords = RateLimiter<Client>(burst: 5, refill: .seconds(60))
    /// Passwords of one address.
    let passwordsByAddress = RateLimiter<Client>(burst: 40, refill: .seconds(10))
    /// Passwords at one site, whoever types them.
    let passwordsBySite = RateLimiter<SiteID>(burst: 300, refill: .seconds(2))
    /// Pages that ask the database: status, waiting, RFC 8908.
    let lookups = RateLimiter<Client>(burst: 60, refill: .milliseconds(200))
    /// Names that are no site's, and gateway lists no key opens, of one address.
    let strangers = RateLimiter<String>(burst: 30, refill: .seconds(1))
    /// Requests of gateways' authmon, of one address: it asks twice every ten seconds, more when visitors leave.
    let gateways = RateLimiter<String>(burst: 120, refill: .milliseconds(100))
}
