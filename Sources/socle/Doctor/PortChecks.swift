import CLinux
import Foundation
import Glibc

/// Looks whether the ports are free, or ours.
struct PortChecks {
    let configuration: Configuration

    enum Transport { case udp, tcp }

    /// `isRunning`: whether the admin port answers as ours does; then the ports are meant to be taken.
    func findings(isRunning: Bool) -> [Finding] {
        var wanted: [(key: String, host: String, port: Int, transport: Transport)] = []
        for address in configuration.access.listen {
            wanted.append(("access.authentication_port", address, configuration.access.authenticationPort, .udp))
            wanted.append(("access.accounting_port", address, configuration.access.accountingPort, .udp))
        }
        wanted.append(("portal.listen", configuration.portal.listen.host, configuration.portal.listen.port, .tcp))
        if let tls = configuration.portal.tls {
            wanted.append(("portal.tls.listen", tls.listen.host, tls.listen.port, .tcp))
        }
        let admin = configuration.administration.listen
        wanted.append(("admin.listen", admin.host, admin.port, .tcp))
        let findings = wanted.compactMap { key, host, port, transport -> Finding? in
            Self.judge(
                key, "\(ListenAddress(host: host, port: port))", Self.bindError(host, port, transport),
                isRunning: isRunning)
        }
        let state = isRunning ? "socle is running and has its ports" : "all are free"
        return findings.isEmpty ? [.fine("ports", state)] : findings
    }

    static func judge(_ key: String, _ address: String, _ error: Int32?, isRunning: Bool) -> Finding? {
        switch error {
        case nil,
            EADDRINUSE where isRunning:
            return nil
        case EADDRINUSE:
            return .fault(
                key, "\(address) is used by another program",
                mend: "ss -lunpt shows by which; end it or choose another port")
        case EACCES:
            return .fault(
                key, "this user may not listen on \(address)",
                mend: "choose a port above 1023, or allow CAP_NET_BIND_SERVICE")
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            return .fault(key, "\(address) is no address of this machine", mend: "correct it")
        case let other?:
            return .fault(key, "cannot listen on \(address): \(String(cString: strerror(other)))", mend: "correct it")
        }
    }

    /// Binds and lets go again; the error number, or nil when that went well.
    static func bindError(_ host: String, _ port: Int, _ transport: Transport) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = transport == .udp ? Int32(SOCK_DGRAM.rawValue) : Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return EADDRNOTAVAIL }
        defer { freeaddrinfo(address) }
        let descriptor = socket(
            address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var yes: Int32 = 1
        // As the daemons do: a wildcard of IPv6 beside one of IPv4, and no wait for connections that linger.
        if address.pointee.ai_family == AF_INET6, transport == .udp {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        if transport == .tcp {
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else { return errno }
        // Two that listen may bind, but not listen, on one TCP port.
        if transport == .tcp, listen(descriptor, 1) != 0 { return errno }
        return nil
    }
}
