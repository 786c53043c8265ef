import Foundation
import OpenSSL
import Store
import Territory

/// Turns what a gateway wrote into an address into a checked ``GatewayContext``, or refuses it.
///
/// A parameter that only a gateway of the site may choose is believed when the gateway signed or encrypted it, or when it
/// cannot harm: an address on the visitor's own private network.
struct GatewayFinder: Sendable {
    /// Names of gateways that are no private addresses.
    let knownHosts: [String]

    /// What a gateway sent, understood.
    enum Arrival: Sendable, Equatable {
        /// No gateway parameters at all.
        case none
        /// A visitor who may log in; with what the gateway said of a try before.
        case login(GatewayContext, failed: Bool, reply: String?)
        /// The gateway says that the device is in.
        case connected(login: String?, original: WebAddress?)
        /// The gateway says that the device is out.
        case loggedOff
    }

    /// Reads the parameters of a request to a site with these gateways.
    ///
    /// Throws `.gatewayRefused` for parameters that are incomplete, forged, or of no gateway of the site.
    func arrival(_ fields: Fields, request: PortalRequest, gateways: [Gateway]) throws(PortalError) -> Arrival {
        if let fas = fields["fas"] { return try openNDS(fas, fields, request: request, gateways: gateways) }
        if let uam = try UAMRequest(fields) { return try chilli(uam, request: request, gateways: gateways) }
        if let hotspot = try MikroTikRequest(fields) { return try mikroTik(hotspot, gateways: gateways) }
        // openNDS, asked again by a device that is in: everything but the way back is gone.
        if fields["status"] == "authenticated" { return .connected(login: nil, original: nil) }
        if let mac = fields.filled("mac") { return try byMAC(mac, fields, gateways: gateways) }
        return .none
    }

    // MARK: UAM

    private func chilli(
        _ uam: UAMRequest, request: PortalRequest, gateways: [Gateway]
    ) throws(PortalError) -> Arrival {
        let gateway = try pick(gateways, named: uam.nasIdentifier)
        let secret = gateway.portalKey?.bytes ?? []
        var isSigned = false
        if !secret.isEmpty {
            // CoovaChilli signs every address it makes once it has a secret, so a missing signature is a forgery.
            isSigned = UAMRequest.isSigned(origins: Self.origins(request), target: request.target, secret: secret)
            guard isSigned else { throw PortalError(.gatewayRefused, "the UAM signature is missing or wrong") }
        }
        guard GatewayHost.isAllowed(uam.host, signed: isSigned, known: known(gateway)) else {
            throw PortalError(.gatewayRefused, "uamip is no gateway of this site")
        }
        let original = uam.originalURL.flatMap { WebAddress($0) }
        switch uam.outcome {
        case .success, .already, .popup1, .popup2, .popup3: return .connected(login: uam.username, original: original)
        case .logoff, .timeout: return .loggedOff
        case .notyet, .failed: break
        }
        guard let challenge = uam.challenge else { throw PortalError(.gatewayRefused, "no challenge") }
        let context = GatewayContext(
            nas: gateway.id, device: uam.mac.flatMap { MACAddress($0) }, address: uam.address.flatMap { IPAddress($0) },
            original: original, isAuthenticated: isSigned,
            handoff: .uam(host: uam.host, port: uam.port, challenge: challenge))
        return .login(context, failed: uam.outcome == .failed, reply: uam.reply)
    }

    private func mikroTik(_ hotspot: MikroTikRequest, gateways: [Gateway]) throws(PortalError) -> Arrival {
        let gateway = try pick(gateways, named: hotspot.nasIdentifier)
        guard GatewayHost.isAllowed(hotspot.host, signed: false, known: known(gateway)) else {
            throw PortalError(.gatewayRefused, "link-login-only is no gateway of this site")
        }
        let context = GatewayContext(
            nas: gateway.id, device: hotspot.mac.flatMap { MACAddress($0) },
            address: hotspot.address.flatMap { IPAddress($0) },
            original: hotspot.originalURL.flatMap { WebAddress($0) },
            isAuthenticated: false,
            handoff: .mikroTik(
                action: hotspot.origin + hotspot.path, origin: hotspot.origin, chap: hotspot.chap))
        return .login(context, failed: hotspot.failure != nil, reply: hotspot.failure)
    }

    // MARK: openNDS

    private func openNDS(
        _ fas: String, _ fields: Fields, request: PortalRequest, gateways: [Gateway]
    ) throws(PortalError) -> Arrival {
        let (gateway, told) = try openNDS(fas, vector: fields["iv"], gateways: gateways)
        let key = gateway.portalKey?.bytes ?? []
        guard !key.isEmpty else { throw PortalError(.gatewayRefused, "this gateway has no key") }
        guard GatewayHost.isAllowed(told.gatewayHost, signed: told.isEncrypted, known: known(gateway)) else {
            throw PortalError(.gatewayRefused, "gatewayaddress is no gateway of this site")
        }
        guard let device = MACAddress(told.mac) else {
            throw PortalError(.gatewayRefused, "clientmac is no MAC address")
        }
        let context = GatewayContext(
            nas: gateway.id, device: device, address: IPAddress(told.address),
            original: told.originalURL.flatMap { WebAddress($0) }, isAuthenticated: told.isEncrypted,
            handoff: .fas(
                GatewayContext.FAS(
                    returnedHash: told.returnedHash(key: key), gatewayAddress: told.gatewayAddress,
                    authDirectory: told.authDirectory, gatewayHash: told.gatewayHash,
                    // Levels 2 and 3 write the same query; openNDS sends level 3 visitors to HTTPS and no others.
                    isFetched: told.isEncrypted && request.isSecure)))
        return .login(context, failed: false, reply: nil)
    }

    /// The gateway that wrote this, and what it wrote. An encrypted list proves its gateway by its key, whatever name is
    /// in it; of gateways that share a key, the one named.
    private func openNDS(
        _ fas: String, vector: String?, gateways: [Gateway]
    ) throws(PortalError) -> (Gateway, FASRequest) {
        guard let vector else {
            let told = try FASRequest(plain: fas)
            return (try pick(gateways, named: told.plainGatewayName), told)
        }
        var opened: FASRequest?
        var fitting: [Gateway] = []
        for gateway in gateways {
            guard let key = gateway.portalKey?.bytes, !key.isEmpty,
                let told = try FASRequest(encrypted: fas, vector: vector, key: key)
            else { continue }
            opened = told
            fitting.append(gateway)
        }
        guard let told = opened, let first = fitting.first else {
            throw PortalError(.gatewayRefused, "no key of ours opens the gateway's list")
        }
        return (fitting.first { Self.isNamed($0, told.plainGatewayName) } ?? first, told)
    }

    // MARK: MAC authentication

    private func byMAC(_ text: String, _ fields: Fields, gateways: [Gateway]) throws(PortalError) -> Arrival {
        guard let device = MACAddress(text), !device.isMulticast else {
            throw PortalError(.gatewayRefused, "mac is no device's address")
        }
        let gateway = try pick(gateways, named: fields.filled("nasid"))
        let context = GatewayContext(
            nas: gateway.id, device: device, address: fields.filled("ip").flatMap { IPAddress($0) },
            original: fields.filled("url").flatMap { WebAddress($0) }, isAuthenticated: false, handoff: .macCoA)
        return .login(context, failed: false, reply: nil)
    }

    // MARK: Which gateway

    /// The gateway of that name, or the only one where none is named.
    private func pick(_ gateways: [Gateway], named name: String?) throws(PortalError) -> Gateway {
        if let name, let gateway = gateways.first(where: { Self.isNamed($0, name) }) { return gateway }
        guard gateways.count == 1, let only = gateways.first else {
            throw PortalError(.gatewayRefused, "no gateway of that name at this site")
        }
        // A name that differs from the only gateway's is no reason to shut visitors out: many gateways send a name of
        // their maker's choice. What they may ask for is checked all the same.
        return only
    }

    private static func isNamed(_ gateway: Gateway, _ name: String) -> Bool {
        gateway.identifier == name || gateway.name == name
    }

    /// Hosts of a gateway beside private addresses.
    private func known(_ gateway: Gateway) -> [String] {
        guard let source = gateway.source, source.isHost else { return knownHosts }
        return knownHosts + [source.address.description]
    }

    /// What may stand before the target in the gateway's configuration.
    private static func origins(_ request: PortalRequest) -> [String] {
        guard let host = request.host else { return [] }
        return ["http://\(host)", "https://\(host)", "http://\(host):80", "https://\(host):443"]
    }
}

extension GatewayFinder {
    /// The slug of the site whose gateway sent these parameters; nil when none of ours did.
    ///
    /// At most one decryption for each key there is: a microsecond each.
    func slug(_ fields: Fields, among gateways: [PlacedGateway]) -> String? {
        if let fas = fields["fas"] {
            guard let vector = fields["iv"] else {
                return (try? FASRequest(plain: fas)).flatMap { named($0.plainGatewayName, among: gateways) }
            }
            let opened = gateways.compactMap { placed -> (PlacedGateway, FASRequest)? in
                guard let key = placed.gateway.portalKey?.bytes, !key.isEmpty,
                    let told = try? FASRequest(encrypted: fas, vector: vector, key: key)
                else { return nil }
                return (placed, told)
            }
            guard let first = opened.first else { return nil }
            return named(first.1.plainGatewayName, among: opened.map(\.0)) ?? first.0.slug.rawValue
        }
        guard let name = fields.filled("nasid") ?? fields.filled("identity") else {
            return gateways.count == 1 ? gateways[0].slug.rawValue : nil
        }
        return named(name, among: gateways)
    }

    /// An identifier is one gateway's alone; a name counts where it is.
    private func named(_ name: String, among gateways: [PlacedGateway]) -> String? {
        if let placed = gateways.first(where: { $0.gateway.identifier == name }) { return placed.slug.rawValue }
        let namesakes = gateways.filter { $0.gateway.name == name }
        return namesakes.count == 1 ? namesakes[0].slug.rawValue : nil
    }
}
