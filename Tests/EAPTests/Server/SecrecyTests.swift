import OpenSSL
import Testing

@testable import EAP

/// Nothing that may end in a log names anybody or shows a secret.
@Suite struct SecrecyTests {
    @Test func `descriptions and dumps show no identity, password or key`() throws {
        let world = try EAPWorld.shared.get()
        let peer = try world.peer(.ttlsMSCHAPv2)
        var actions: [EAPAction] = []
        let login = try Login(world.server(), peer) { action in
            actions.append(action)
            return try Login.accounts(action)
        }
        let success = try #require(login.success)
        let hash = try NTHash(password: EAPWorld.password)
        let values: [Any] = [
            actions, login.outcome as Any, success, login.peerSuccess as Any, peer, hash, EAPVerdict.reject,
            EAPVerdict.ntHash(hash, cachedAuthorization: nil), success.outerIdentity,
            InnerCredential.pap(user: EAPWorld.user, password: Array(EAPWorld.password.utf8)),
            try MPPEKeys(hash: hash, ntResponse: [UInt8](repeating: 1, count: 24)),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            let text = "\(value)" + String(reflecting: value) + dumped
            #expect(!text.contains("anne") && !text.contains("anonymous") && !text.contains("horse"))
            for secret in [success.msk, hash.octets, Array(EAPWorld.password.utf8)] {
                #expect(!text.contains("\(secret)".dropLast()), "\(type(of: value))")
            }
        }
    }

    @Test func `errors and reasons are names to count`() {
        for code in EAPError.Code.allCases { #expect("\(EAPError(code))" == code.rawValue) }
        let reasons: [(EAPFailureReason, String)] = [
            (.noCommonMethod, "noCommonMethod"), (.noCommonInnerMethod, "noCommonInnerMethod"), (.refused, "refused"),
            (.passwordWrong, "passwordWrong"), (.refusedByPeer, "refusedByPeer"),
            (.tls(.alertReceived), "tls.alertReceived"), (.malformed(.avpMalformed), "malformed.avpMalformed"),
            (.tooManyRounds, "tooManyRounds"),
        ]
        for (reason, name) in reasons { #expect("\(reason)" == name) }
    }
}
