internal import EAP
internal import Foundation
internal import Store
import Synchronization
internal import Territory

/// A login in memory, prepared for the packet threads: what the store knew of it, and what can be computed once.
final class LoginEntry: Sendable {
    /// How its password is verified.
    enum Credential: Sendable {
        /// Compared as it is: a grant's derived password, which works for CHAP too.
        case password([UInt8])
        /// A voucher: the password is the code again, however it is typed.
        case code(VoucherCode)
        /// An account's slow hash, and the NT hash of the same password where MS-CHAPv2 is to work.
        case hash([UInt8], nt: NTHash?)
        /// A device: its address is all there is.
        case device
    }

    /// A login that exists.
    struct Known: Sendable {
        let subject: Subject
        /// Whose row is verified and locked against floods.
        let source: SubjectReference
        let credential: Credential
        var usage: PeriodUsage { used?.usage ?? .zero }
        /// The stations that are connected, or were a moment ago.
        let stations: [HeardStation]
        /// The `Class` of its Access-Accepts.
        let classValue: [UInt8]
        /// Whether its rights keep the site's opening hours.
        let keepsSiteHours: Bool
        /// nil: nothing, as most have of most days.
        private let used: Used?

        private final class Used: Sendable {
            let usage: PeriodUsage
            init(_ usage: PeriodUsage) { self.usage = usage }
        }

        init(_ login: KnownLogin, subject: Subject, keys: InstallationKeys) {
            self.subject = subject
            (source, stations) = (login.source, login.stations)
            credential = Self.credential(login.verifier, keys)
            used = login.usage == .zero ? nil : Used(login.usage)
            classValue = keys.classes.encode(subject.reference)
            keepsSiteHours = subject.rights?.openingHours ?? .inherited == .inherited
        }

        private static func credential(_ verifier: KnownLogin.Verifier, _ keys: InstallationKeys) -> Credential {
            switch verifier {
            case .derived(let login): .password(Array(keys.grants.password(for: login).utf8))
            case .code(let code): .code(code)
            case .hash(let secret, let nt): .hash(secret.bytes, nt: nt.flatMap { NTHash($0.bytes) })
            case .none: .device
            }
        }
    }

    let name: LoginName
    /// Of its name.
    let hash: UInt64
    /// nil: nobody has it.
    let known: Known?
    /// Why a login that nobody has is refused. A code that is no voucher's is like a voucher's with a wrong password: whose
    /// codes exist is nobody's business.
    let refusalOfUnknown: RefusalReason
    /// The day that `usage` is up to.
    let day: CivilDay
    /// The rows it was made of, each once.
    func forEachDependency(_ body: (SubjectReference) -> Void) {
        guard let known else { return }
        body(known.source)
        if known.subject.reference != known.source { body(known.subject.reference) }
        for reference in rowsBehind { body(reference) }
    }
    /// The others it was made of: a grant's voucher or account, a household.
    private let rowsBehind: [SubjectReference]
    /// Monotonic instant at which its look-up began.
    let askedAt: UInt64
    /// Whether an Accept has been noted for the inactivity rule: once for each entry is enough.
    private let isNoted = Atomic<Bool>(false)
    /// Whether it was asked for since the hand of its table's clock came by.
    private let isAsked = Atomic<Bool>(false)
    private let outdated = Atomic<Bool>(false)

    init(
        _ name: LoginName, _ login: KnownLogin?, keys: InstallationKeys, day: CivilDay, askedAt: UInt64,
        sharing rights: (Subject) -> Subject = { $0 }
    ) {
        (self.name, self.day, self.askedAt) = (name, day, askedAt)
        hash = name.hashWord
        guard let login else {
            (known, rowsBehind) = (nil, [])
            refusalOfUnknown =
                switch name.key {
                case .voucher: .wrongPassword
                case .device: .deviceUnknown
                case .grant, .account, nil: name.site == 0 ? .unknownUser : .deviceUnknown
                }
            return
        }
        refusalOfUnknown = .unknownUser
        let known = Known(login, subject: rights(login.subject), keys: keys)
        self.known = known
        rowsBehind = Self.rows(behind: login).filter { $0 != known.source && $0 != known.subject.reference }
    }

    private static func rows(behind login: KnownLogin) -> [SubjectReference] {
        guard login.grant != nil || login.keyAccount != nil else { return [] }
        let rows: [SubjectReference?] = [
            login.grant.map { .loginGrant($0.id) }, login.grant?.voucherID.map { .voucher($0) },
            login.grant?.accountID.map { .account($0) }, login.keyAccount.map { .account($0) },
        ]
        return Array(Set(rows.compactMap(\.self)))
    }

    /// Whether this is the first Accept from this entry.
    func noteAccept() -> Bool {
        !isNoted.load(ordering: .relaxed) && !isNoted.exchange(true, ordering: .relaxed)
    }

    /// What accounting counts of its subject has changed since.
    func outdate() { outdated.store(true, ordering: .relaxed) }

    var isOutdated: Bool { outdated.load(ordering: .relaxed) }

    /// Somebody asks for it. Written once for each round of the clock, so that threads do not pass its memory to and fro.
    func markAsked() {
        if !isAsked.load(ordering: .relaxed) { isAsked.store(true, ordering: .relaxed) }
    }

    /// Whether it was asked for since this was last called.
    func takeMark() -> Bool { isAsked.exchange(false, ordering: .relaxed) }
}
