import EAP
import OpenSSL
import RADIUS

/// Devices that log in by EAP, each again and again: what ``LoadWorkload`` sends for the EAP modes.
///
/// A device says the next word when the one before was answered. It believes an accept only when the method is done and the
/// access point has been given the keys that the device has.
struct LoadConversations {
    private struct Device {
        var peer: EAPPeer?
        var response: [UInt8] = []
        var state: [UInt8]?
        var begunAt: UInt64 = 0
        /// What the last login left to be resumed, where sessions are to be.
        var resumable: [UInt8]?
        let credential: LoadCredential
    }

    private let method: EAPPeerMethod
    private let tls: TLSContext
    private let resumes: Bool
    private let secret: SharedSecret
    private var devices: [Device]
    private var idle: [Int]

    /// As many devices as the window is wide, each with a credential of its own while there are enough; nil for modes
    /// without EAP. Throws what TLS throws.
    init?(_ options: LoadOptions, secret: SharedSecret) throws {
        guard case .eap(let rehearsal) = options.mode, let method = rehearsal.eap, !options.credentials.isEmpty else {
            return nil
        }
        var settings = TLSSettings(role: .client)
        settings.peerCertificate = .none
        settings.middleboxCompatibility = false
        (self.method, tls, resumes, self.secret) = (method, try TLSContext(settings), options.resumes, secret)
        devices = (0..<options.window).map {
            Device(credential: options.credentials[$0 % options.credentials.count])
        }
        idle = Array((0..<options.window).reversed())
    }

    /// Whether a device has something to say.
    var isReady: Bool { !idle.isEmpty }

    /// The next device to speak, and what: the State and the EAP packet. A device that has ended begins again.
    mutating func next(due: UInt64) throws -> (device: Int, user: String, state: [UInt8]?, message: [UInt8]) {
        guard let index = idle.popLast() else { throw LoadFault("no device is idle") }
        if devices[index].peer == nil { begin(index, due: due) }
        let device = devices[index]
        return (index, device.credential.login, device.state, device.response)
    }

    private mutating func begin(_ index: Int, due: UInt64) {
        let credential = devices[index].credential
        var settings = EAPPeerSettings(
            method: method, outerIdentity: credential.login, user: credential.login,
            password: String(decoding: credential.password, as: UTF8.self), tls: tls)
        settings.resuming = devices[index].resumable
        let peer = EAPPeer(settings, packetSize: EAPLimits.fragmentSize(framedMTU: Int(Self.framedMTU)))
        (devices[index].peer, devices[index].response) = (peer, peer.identityResponse())
        (devices[index].state, devices[index].begunAt) = (nil, due)
    }

    /// What a link of WiFi carries.
    static let framedMTU: UInt32 = 1_400

    /// What a reply means for the login of a device.
    mutating func take(_ reply: PacketView, device index: Int, to sent: SentRequest) -> LoadOutcome {
        guard let peer = devices[index].peer, let message = try? reply.eapMessage() else {
            return end(index, .refused)
        }
        let action = try? peer.receive(message)
        switch (reply.code, action) {
        case (.accessChallenge, .send(let response)?):
            (devices[index].response, devices[index].state) = (response, reply.first(.state)?.octets)
            idle.append(index)
            return .goesOn
        case (.accessAccept, .success(let success)?):
            let keys = try? MPPEKeyPair(reply, secret: secret, authenticator: sent.authenticator)
            guard let keys, keys == MPPEKeyPair(masterSessionKey: success.msk) else { return end(index, .refused) }
            let begunAt = devices[index].begunAt
            if resumes { devices[index].resumable = success.resumable ?? devices[index].resumable }
            return end(index, .done(begunAt: begunAt, isResumed: success.isResumed))
        case (.accessReject, _):
            devices[index].resumable = nil
            return end(index, .done(begunAt: devices[index].begunAt, isResumed: false))
        default: return end(index, .refused)
        }
    }

    /// A device that got no answer gives up and begins again.
    mutating func lost(device index: Int) { _ = end(index, .refused) }

    private mutating func end(_ index: Int, _ outcome: LoadOutcome) -> LoadOutcome {
        devices[index].peer = nil
        idle.append(index)
        return outcome
    }
}

/// What a reply means for what is counted.
enum LoadOutcome: Equatable {
    /// The login goes on: nothing is counted so far.
    case goesOn
    /// It has its answer; `begunAt` nil: it was one request.
    case done(begunAt: UInt64?, isResumed: Bool)
    /// An answer that a device does not believe.
    case refused
}
