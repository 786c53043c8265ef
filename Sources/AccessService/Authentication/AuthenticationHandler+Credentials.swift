internal import Foundation
internal import OpenSSL
internal import RADIUS
internal import Store
internal import Territory

/// A password for the pool.
struct PendingVerification {
    var hash: String
    var password: [UInt8]
    var digest: KeyedDigest
    var suspects: [KeyedDigest]
    var isSuspect: Bool
}

extension AuthenticationHandler {
    /// What became of a request's credential.
    enum Check {
        case right, wrong
        /// This login cannot be used with this method: CHAP needs a password that can be read.
        case unsupported
        case malformed
        /// Only the slow hash can tell.
        case slow(
            password: [UInt8], hash: String, digest: KeyedDigest, suspects: [KeyedDigest], isSuspect: Bool)
    }

    func check(
        _ request: Request, _ attempt: Attempt, _ known: LoginEntry.Known
    ) -> Check {
        if let inner = request.inner, inner.password == nil { return check(inner, known) }
        let source = known.source
        switch known.credential {
        case .device: return request.inner == nil ? .right : .unsupported
        case .password(let expected):
            guard let password = attempt.password else { return checkCHAP(request, [expected]) }
            return expected.withUnsafeBytes { constantTimeEqual($0, password) } ? .right : .wrong
        case .code(let code):
            guard let password = attempt.password else {
                // The visitor's device hashed what was typed: as it was, canonical, or as printed.
                let typed = request.packet.first(.userName)?.octets ?? []
                return checkCHAP(request, [typed, Array(code.canonical.utf8), Array(code.display.utf8)])
            }
            if let name = attempt.name, password.count == name.count, constantTimeEqual(password, name) {
                return .right
            }
            return VoucherCode(typed: String(decoding: password, as: UTF8.self)) == code ? .right : .wrong
        case .hash(let octets, _):
            guard let password = attempt.password else { return .unsupported }
            return checkHash(request, password, source.id, octets)
        }
    }

    private func checkCHAP(_ request: Request, _ candidates: [[UInt8]]) -> Check {
        do {
            guard let response = try CHAPResponse(request.packet) else { return .unsupported }
            return candidates.contains { response.matches(password: $0) } ? .right : .wrong
        } catch {
            return .malformed
        }
    }

    private func checkHash(
        _ request: Request, _ password: UnsafeRawBufferPointer, _ account: Int64, _ octets: [UInt8]
    ) -> Check {
        guard let digest = digester.password(account: account, storedHash: octets, password: password) else {
            return .malformed
        }
        if passwords.right.contains(digest, now: now) { return .right }
        if passwords.wrong.contains(digest, now: now) { return .wrong }
        let nas = request.gateway.gateway.nas.id.rawValue
        let station = request.packet.first(.callingStationID)?.value ?? UnsafeRawBufferPointer(start: nil, count: 0)
        let suspects = [
            digester.subject(1, account, UnsafeRawBufferPointer(start: nil, count: 0)),
            station.isEmpty ? nil : digester.subject(2, nas, station),
        ].compactMap(\.self)
        let isSuspect = suspects.contains { passwords.suspects.contains($0, now: now) }
        return .slow(
            password: Array(password), hash: String(decoding: octets, as: UTF8.self), digest: digest,
            suspects: suspects, isSuspect: isSuspect)
    }

    /// Hands a password to the pool; the answer comes back through the mailbox.
    func verify(
        _ request: Request, _ entry: LoginEntry, _ known: LoginEntry.Known, _ pending: PendingVerification,
        on thread: PacketThread
    ) {
        let waiting = thread.deferRequest(request)
        let (mailboxes, index) = (environment.mailboxes, self.thread)
        passwords.pool.submit(
            PasswordCheck(
                account: known.source.id, nas: request.gateway.gateway.nas.id.rawValue, isSuspect: pending.isSuspect,
                password: pending.password, storedHash: pending.hash, deadline: now &+ 4_000_000_000
            ) { outcome in
                let verification = Verification(
                    outcome: outcome, digest: pending.digest, suspects: pending.suspects, entry: entry)
                mailboxes.post(.verified(waiting, verification), to: index)
            })
    }
}
