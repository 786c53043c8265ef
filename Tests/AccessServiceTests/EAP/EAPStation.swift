import EAP
import Foundation
import OpenSSL
import RADIUS

/// A device and its access point in this process, for what eapol_test cannot be told to do.
final class EAPStation {
    let gateway: Gateway
    private let tls: TLSContext
    private var identifier: UInt8 = 0
    /// Length of the longest EAP packet that the server has sent.
    private(set) var longest = 0

    init(_ gateway: Gateway, files: EAPFiles, version: TLSVersion) throws {
        self.gateway = gateway
        var settings = TLSSettings(role: .client)
        settings.trustAnchors = try files.authority.certificate.pem
        settings.verifyName = EAPFiles.serverName
        settings.versions = version...version
        settings.middleboxCompatibility = false
        tls = try TLSContext(settings)
    }

    func settings(
        _ method: EAPPeerMethod, _ user: String, _ password: String, resuming: [UInt8]? = nil
    ) -> EAPPeerSettings {
        var settings = EAPPeerSettings(
            method: method, outerIdentity: "anonymous@trou.example", user: user, password: password, tls: tls)
        settings.resuming = resuming
        return settings
    }

    func request(_ message: [UInt8], _ attributes: [Attribute]) throws -> SignedRequest {
        identifier &+= 1
        return try SharedSecret(gateway.secretOctets).accessRequest(
            identifier: identifier,
            attributes: [Attribute(.userName, text: "anonymous@trou.example")] + Attribute.eapMessage(message)
                + attributes)
    }

    /// One round: what the server says to a packet, with the State it came with.
    func round(_ message: [UInt8], state: [UInt8]?, attributes: [Attribute] = []) async throws -> Packet? {
        let reply = try await gateway.exchange(
            request(message, (state.map { [Attribute(.state, $0)] } ?? []) + attributes))
        longest = max(longest, reply.map { Self.message($0).count } ?? 0)
        return reply
    }

    static func message(_ packet: Packet) -> [UInt8] { packet.all(.eapMessage).flatMap(\.value) }

    /// A whole conversation: its last reply, and what the device has of it.
    func login(
        _ settings: EAPPeerSettings, attributes: [Attribute] = [], each: (Packet) async throws -> Void = { _ in }
    ) async throws -> (reply: Packet?, success: EAPPeerSuccess?) {
        let peer = EAPPeer(settings)
        var (message, state): ([UInt8], [UInt8]?) = (peer.identityResponse(identifier: 7), nil)
        while let reply = try await round(message, state: state, attributes: attributes) {
            try await each(reply)
            switch try peer.receive(Self.message(reply)) {
            case .send(let response): (message, state) = (response, reply.first(.state)?.value)
            case .success(let success): return (reply, success)
            case .failure: return (reply, nil)
            }
        }
        return (nil, nil)
    }
}
