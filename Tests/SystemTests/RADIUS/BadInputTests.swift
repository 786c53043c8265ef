import Foundation
import RADIUS
import Testing

extension SystemTests {
    /// What is not answered is counted, each packet once and under its reason.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputTests {
        /// Events that are not the fate of a packet, or the fate of one that is answered.
        private static let answered: Set<String> = [
            "access_request", "accounting_request", "status_server", "accept", "accept_survival", "reject",
            "accounting_response", "status_reply", "duplicate_answered",
        ]
        private static let statusIdentifier: UInt8 = 255

        /// Lines of a metric, by the value of one of its labels.
        private func counters(
            _ metric: String, by label: String, _ installation: Installation
        ) async throws -> [String: Int] {
            let text = try await Command(["curl", "-sf", "http://127.0.0.1:\(installation.ports.admin)/metrics"]).run()
            var counts: [String: Int] = [:]
            for line in text.split(separator: "\n") where line.hasPrefix(metric + "{") || line.hasPrefix(metric + " ") {
                let value = line.split(separator: " ").last.flatMap { Double($0) } ?? 0
                let key = line.firstMatch(of: try Regex("\(label)=\"([^\"]*)\"")).map { String($0[1].substring ?? "") }
                counts[key ?? "", default: 0] += Int(value)
            }
            return counts
        }

        private func reasons(_ installation: Installation) async throws -> [String: Int] {
            try await counters("socle_access_malformed_packets_total", by: "reason", installation)
        }

        private func unanswered(_ installation: Installation) async throws -> [String: Int] {
            try await counters("socle_access_events_total", by: "event", installation)
                .filter { !Self.answered.contains($0.key) && $0.value > 0 }
        }

        /// A header with its Length, and attributes as they are.
        private func packet(_ attributes: [UInt8], length: Int? = nil, code: UInt8 = 1) -> [UInt8] {
            let length = length ?? 20 + attributes.count
            return [code, 7, UInt8(length >> 8 & 255), UInt8(length & 255)] + (0..<16).map { _ in .random(in: 1...255) }
                + attributes
        }

        @Test func `a packet made for each reason is counted under it, and none is answered`() async throws {
            try await Installation.during("bad-reasons") { installation in
                let signature = [UInt8](arrayLiteral: 80, 18) + [UInt8](repeating: 9, count: 16)
                let made: [(reason: String, packets: [[UInt8]])] = [
                    ("datagramTooShort", [[1], Array(packet([]).dropLast())]),
                    ("lengthTooShort", [packet([], length: 19), packet([], length: 0), packet([], length: 1)]),
                    ("lengthTooLong", [packet([UInt8](repeating: 1, count: 4080), length: 4097)]),
                    ("lengthBeyondDatagram", [packet([1, 3, 65], length: 24), packet([], length: 4096)]),
                    ("attributeTruncated", [packet([1])]),
                    ("attributeTooShort", [packet([1, 0]), packet([1, 1, 65]), packet([1, 3, 65, 2, 0])]),
                    ("attributeOverrun", [packet([1, 4, 65]), packet([1, 255])]),
                    ("attributeTypeZero", [packet([0, 3, 65])]),
                    ("messageAuthenticatorLength", [packet([80, 17] + [UInt8](repeating: 0, count: 15))]),
                    ("messageAuthenticatorRepeated", [packet(signature + signature)]),
                ]
                let probe = try UDPProbe(to: installation.ports.authentication)
                for octets in made.flatMap(\.packets) { probe.transmit(octets) }
                let expected = Dictionary(uniqueKeysWithValues: made.map { ($0.reason, $0.packets.count) })
                try await eventually("the counters are told") {
                    try await reasons(installation).values.reduce(0, +) >= expected.values.reduce(0, +)
                }
                #expect(try await reasons(installation) == expected)
                // A signature of another secret, a reply, a code that belongs to the other port.
                probe.transmit(packet(signature))
                probe.transmit(packet([], code: 2))
                probe.transmit(packet([], code: 4))
                let total = expected.values.reduce(0, +)
                let fates = ["malformed": total, "bad_message_authenticator": 1, "unexpected_code": 2]
                try await eventually("the events are told") { try await unanswered(installation) == fates }
                #expect(probe.replies(200).isEmpty)
            }
        }

        @Test func `requests of an address that no gateway has are not answered, counted, and shown by doctor`()
            async throws
        {
            try await Installation.during("bad-stranger") { installation in
                let secret = try SharedSecret(Array(installation.secret.utf8))
                let stranger = try UDPProbe(from: "127.0.0.9", to: installation.ports.authentication)
                for identifier in UInt8(0)..<5 {
                    stranger.transmit(try secret.statusServer(identifier: identifier).bytes)
                }
                try await eventually("they are counted") {
                    try await counters("socle_access_unknown_source_packets_total", by: "none", installation)
                        == ["": 5]
                }
                #expect(stranger.replies(200).isEmpty)
                try await eventually("doctor shows it", within: .seconds(90)) {
                    try await installation.doctor().contains("unknown source 127.0.0.9")
                }
                let line = try await installation.doctor().split(separator: "\n").first { $0.contains("127.0.0.9") }
                #expect(line?.contains("5 packets, not answered") == true, "\(line ?? "")")
            }
        }

        @Test func `what scapy makes and breaks is counted and not answered, and fragments of a good packet are`()
            async throws
        {
            try await Installation.during("bad-scapy") { installation in
                let voucher = try await installation.voucher()
                let login = ["User-Name = \"\(voucher)\"", "User-Password = \"\(voucher)\""]
                let accepted = try await installation.radclient.authenticate(login)
                #expect(accepted.code == "Access-Accept", "with Message-Authenticator, asked for ever after")
                let script = try Product.root().appending(path: "deploy/lab/malformed.py").path
                let output = try await Command(
                    [script, String(installation.ports.authentication), installation.secret, "3000"], limit: 90
                ).run()
                let told = try JSONDecoder().decode([String: Int].self, from: Data(output.utf8))
                #expect(told["broken"] == 3_000 && told["replies"] == 0, "\(told)")
                #expect(told["authentic"] == 62 && told["answered"] == 62, "one of them in IP fragments: \(told)")
                try await eventually("every packet is accounted for") {
                    try await unanswered(installation).values.reduce(0, +) == 3_000
                }
                #expect(try await reasons(installation).count > 8)
            }
        }

        /// Mutated packets of a run; `SOCLE_MUTATED_PACKETS=1000000` makes it minutes instead of seconds.
        static var mutations: Int {
            ProcessInfo.processInfo.environment["SOCLE_MUTATED_PACKETS"].flatMap(Int.init) ?? 100_000
        }

        /// What was sent, what came back, and what of that answers nobody who knows the secret.
        private struct Exchange {
            let secret: SharedSecret
            var (sent, replied, unfounded) = (0, 0, 0)
            /// The requests that prove their sender, by identifier: all others stay without a reply.
            private var authentic: [UInt8: Set<SentRequest>] = [:]

            init(secret: SharedSecret) { self.secret = secret }

            /// Sends what keeps pace. The one before is answered already.
            mutating func transmitProbe(_ probe: UDPProbe) throws {
                authentic[BadInputTests.statusIdentifier] = []
                transmit(try secret.statusServer(identifier: BadInputTests.statusIdentifier).bytes, probe)
            }

            mutating func transmit(_ octets: [UInt8], _ probe: UDPProbe) {
                octets.withUnsafeBytes { buffer in
                    guard let packet = try? PacketView(buffer), let proof = try? secret.verify(request: packet),
                        proof != .none
                    else { return }
                    authentic[packet.identifier, default: []].insert(
                        SentRequest(
                            code: packet.code, identifier: packet.identifier, authenticator: packet.authenticator))
                }
                probe.transmit(octets)
                sent += 1
            }

            /// Takes the replies that come within so many milliseconds; returns their identifiers.
            mutating func receive(_ probe: UDPProbe, _ wait: Int32) -> [UInt8] {
                let datagrams = probe.datagrams(wait)
                replied += datagrams.count
                for datagram in datagrams {
                    let requests = datagram.count > 1 ? authentic[datagram[1]] ?? [] : []
                    if !requests.contains(where: { (try? secret.reply(in: datagram, to: $0)) != nil }) {
                        unfounded += 1
                    }
                }
                return datagrams.compactMap { $0.count > 1 ? $0[1] : nil }
            }
        }

        private func exchange(_ installation: Installation) async throws -> Exchange {
            let voucher = try await installation.voucher()
            var exchange = Exchange(secret: try SharedSecret(Array(installation.secret.utf8)))
            let secret = exchange.secret
            let station = Attribute(.callingStationID, text: "02-00-5E-00-53-01")
            let originals = [
                try secret.accessRequest(
                    identifier: 1, userName: voucher, password: Array(voucher.utf8),
                    attributes: [station, Attribute(.proxyState, [1, 2])]),
                try secret.accountingRequest(
                    identifier: 2,
                    attributes: [
                        Attribute(.acctStatusType, uint32: 1), Attribute(.acctSessionID, text: "m1"), station,
                    ]),
                try secret.statusServer(identifier: 3),
            ].map(\.bytes)
            var mutations = Mutations(seed: 42)
            for port in [installation.ports.authentication, installation.ports.accounting] {
                let probe = try UDPProbe(to: port)
                for round in 0...Self.mutations / 100 {
                    // The first round is a probe alone: from then on the NAS is known to sign, and others are not served.
                    for index in 0..<(round == 0 ? 0 : 50) {
                        exchange.transmit(mutations.mutate(originals[index % 3]), probe)
                    }
                    // Keeps pace, so that no socket's buffer overflows: what it asks is answered behind the others.
                    try exchange.transmitProbe(probe)
                    var isBehind = true
                    while isBehind {
                        let replies = exchange.receive(probe, 3_000)
                        isBehind = !replies.contains(Self.statusIdentifier) && !replies.isEmpty
                    }
                }
                _ = exchange.receive(probe, 500)
            }
            return exchange
        }

        @Test func `of 100 000 mutated packets each one is counted under its reason or answered, if it is authentic`()
            async throws
        {
            try await Installation.during("bad-mutated") { installation in
                let exchange = try await exchange(installation)
                let (sent, replied) = (exchange.sent, exchange.replied)
                #expect(exchange.unfounded == 0, "replies to somebody who does not know the secret")
                #expect(sent == Self.mutations + Self.mutations / 50 + 2 && replied > sent / 50)
                try await eventually("every packet is accounted for") {
                    let unanswered = try await unanswered(installation).values.reduce(0, +)
                    guard unanswered + replied == sent else {
                        throw NeverHappened(description: "\(sent) sent, \(replied) replies, \(unanswered) counted")
                    }
                    return true
                }
                let posture = "socle_access_message_authenticator_required"
                #expect(
                    try await counters(posture, by: "nas", installation).values.map(\.self) == [1],
                    "the NAS has signed requests, so others are no longer served")
                let (events, reasons) = (try await unanswered(installation), try await reasons(installation))
                #expect(
                    Set(events.keys).isSubset(of: [
                        "malformed", "bad_message_authenticator",
                        "bad_request_authenticator", "missing_message_authenticator", "unexpected_code",
                        "duplicate_in_progress",
                    ]), "\(events)")
                #expect(reasons.values.reduce(0, +) == events["malformed"], "\(reasons) \(events)")
                print("mutated packets: \(sent) sent, \(replied) replies, \(events), \(reasons)")
                let usual = [
                    "datagramTooShort", "lengthTooShort", "lengthTooLong", "lengthBeyondDatagram", "attributeTruncated",
                    "attributeTooShort", "attributeOverrun", "attributeTypeZero", "messageAuthenticatorLength",
                ]
                for reason in usual { #expect(reasons[reason, default: 0] > 0, "\(reason): \(reasons)") }
            }
        }
    }
}
