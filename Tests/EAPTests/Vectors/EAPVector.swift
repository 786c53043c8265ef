import Foundation
import OpenSSL
import Testing

@testable import EAP

/// One line of `eap.vectors`.
struct EAPVector: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable, Hashable { case same(String), other(String), refused(String) }

    let reader: String
    let hex: String
    let expectation: Expectation

    var testDescription: String { "\(reader) \(hex)" }

    static let all: [EAPVector] = lines.compactMap { line in
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count == 4 else { return nil }
        switch words[2] {
        case "<>": return EAPVector(reader: words[0], hex: words[1], expectation: .same(words[3]))
        case "->": return EAPVector(reader: words[0], hex: words[1], expectation: .other(words[3]))
        case "!!": return EAPVector(reader: words[0], hex: words[1], expectation: .refused(words[3]))
        default: return nil
        }
    }

    /// The lines that are neither empty nor a comment.
    static let lines: [Substring] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let text = try? String(contentsOf: folder.appending(path: "eap.vectors"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }
    }()

    /// What the octets came to.
    func outcome() -> Expectation? {
        do throws(EAPError) {
            guard let octets = Hex.decode(hex.replacing("/", with: "")) else { return nil }
            let (text, written) = try read(octets)
            return written == octets ? .same(text) : .other(text)
        } catch {
            return .refused(error.code.rawValue)
        }
    }

    private func read(_ octets: [UInt8]) throws(EAPError) -> (text: String, written: [UInt8]?) {
        switch reader {
        case "packet":
            let packet = try EAPPacket(decoding: octets)
            return (Self.text(packet), packet.encoded())
        case "nak":
            let nak = try EAPNak(legacy: octets)
            let types = nak.desired.map { "\($0.number)" }.joined(separator: " ")
            return (types.isEmpty ? "none" : types, nak.legacyData)
        case "identity":
            let identity = try EAPIdentity(decoding: octets)
            return (identity.user + (identity.realm.map { " at \($0)" } ?? ""), nil)
        case "avps":
            let avps = try AVP.decode(octets)
            return (avps.map(Self.text).joined(separator: ", "), avps.flatMap { $0.encoded() })
        case "inner":
            let packet = try PEAPInnerPacket(decoding: octets, code: .response)
            return (Self.text(packet), packet.encoded(code: .response, identifier: 9))
        case "mschapv2":
            let packet = try MSCHAPv2Packet(decoding: octets)
            return (Self.text(packet), packet.encoded())
        default: return (try frames(), nil)
        }
    }

    private func frames() throws(EAPError) -> String {
        var receiver = FragmentReceiver()
        var text = "unfinished"
        for frame in hex.split(separator: "/") {
            switch try receiver.receive(Hex.decode(String(frame)) ?? []) {
            case .message(let message): text = Hex.encode(message)
            case .acknowledgement: text = "acknowledgement"
            case .fragment: continue
            }
        }
        return text
    }

    private static func text(_ packet: EAPPacket) -> String {
        switch packet {
        case .request(let identifier, let method, let data): join("request \(identifier)", method, data)
        case .response(let identifier, let method, let data): join("response \(identifier)", method, data)
        case .success(let identifier): "success \(identifier)"
        case .failure(let identifier): "failure \(identifier)"
        }
    }

    private static func join(_ start: String, _ method: EAPMethod, _ data: [UInt8]) -> String {
        "\(start) \(method.vendor)/\(method.number)" + (data.isEmpty ? "" : " " + Hex.encode(data))
    }

    private static func text(_ avp: AVP) -> String {
        "\(avp.code.vendor)/\(avp.code.number)\(avp.isMandatory ? "!" : "")"
            + (avp.value.isEmpty ? "" : " " + Hex.encode(avp.value))
    }

    private static func text(_ packet: PEAPInnerPacket) -> String {
        switch packet {
        case .method(let method, let data): join("method", method, data)
        case .result(let isSuccess): "result \(isSuccess ? "success" : "failure")"
        }
    }

    private static func text(_ packet: MSCHAPv2Packet) -> String {
        switch packet {
        case .challenge(let identifier, let challenge, let name):
            "challenge \(identifier) \(Hex.encode(challenge)) \(name)"
        case .response(let identifier, let peerChallenge, let ntResponse, let name):
            "response \(identifier) \(Hex.encode(peerChallenge)) \(Hex.encode(ntResponse)) \(name)"
        case .success(let identifier, let message): "success \(identifier) \(message)"
        case .failure(let identifier, let message): "failure \(identifier) \(message)"
        case .successAcknowledgement: "success acknowledged"
        case .failureAcknowledgement: "failure acknowledged"
        }
    }
}

/// Every line of the vector file holds.
@Suite struct EAPVectorTests {
    @Test func `the vector file is there and whole`() {
        #expect(EAPVector.all.count == EAPVector.lines.count && EAPVector.all.count >= 60)
        let readers: Set = ["packet", "nak", "identity", "avps", "inner", "mschapv2", "frames"]
        #expect(Set(EAPVector.all.map(\.reader)) == readers)
    }

    @Test(arguments: EAPVector.all) func `octets are read or refused as their vector says`(vector: EAPVector) {
        #expect(vector.outcome() == vector.expectation)
    }
}
