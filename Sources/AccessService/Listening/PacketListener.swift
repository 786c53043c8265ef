/// The sockets of all packet threads, bound before any thread runs so that a fault in the configuration stops the start.
struct PacketListener: Sendable {
    /// The sockets of each thread, in the same order: for each address authentication, then accounting.
    let sockets: [[UDPSocket]]
    let mailboxes: [Mailbox]
    let bound: [BoundAddress]

    init(_ configuration: AccessConfiguration, threads: Int) throws(AccessError) {
        var sockets = [[UDPSocket]](repeating: [], count: threads)
        var bound: [BoundAddress] = []
        for text in configuration.addresses {
            var ports: [UInt16] = []
            for (endpoint, port) in [
                (Endpoint.authentication, configuration.authenticationPort),
                (.accounting, configuration.accountingPort),
            ] {
                guard let address = PeerAddress(text: text, port: port) else {
                    throw AccessError(.invalidAddress, text)
                }
                var first: UDPSocket?
                for thread in 0..<threads {
                    let socket = try UDPSocket(binding: address, endpoint: endpoint, beside: first)
                    sockets[thread].append(socket)
                    first = first ?? socket
                }
                ports.append(first?.bound.port ?? port)
            }
            bound.append(BoundAddress(address: text, authenticationPort: ports[0], accountingPort: ports[1]))
        }
        var mailboxes: [Mailbox] = []
        for _ in 0..<threads { mailboxes.append(try Mailbox()) }
        (self.sockets, self.mailboxes, self.bound) = (sockets, mailboxes, bound)
    }

    /// Runs the packet threads until they have drained.
    func run(_ environment: AccessEnvironment) async throws {
        // What the threads make for themselves cannot fail once this has worked.
        _ = try KeyedDigester(key: environment.passwords.key)
        await withDiscardingTaskGroup { group in
            for index in sockets.indices {
                let (own, mailbox) = (sockets[index], mailboxes[index])
                group.addTask {
                    await DedicatedThread.run("socle-radius-\(index)") {
                        // libcrypto was tried above; nothing else here can fail.
                        guard
                            let thread = try? PacketThread(
                                index: index, sockets: own, mailbox: mailbox, environment: environment)
                        else { return }
                        thread.run()
                    }
                }
            }
        }
    }
}
