import RADIUS
import Testing

/// What a receiver makes of CoA- and Disconnect-Requests (RFC 5176 §3).
@Suite struct DynamicAuthorizationRequestTests {
    private let station = Attribute(.callingStationID, text: "02-00-5E-00-00-01")
    private let nas = Attribute(.nasIdentifier, text: "mairie")

    private func read(_ code: PacketCode, _ attributes: [Attribute]) throws -> DynamicAuthorizationRequest.Reading {
        try Packet(code, identifier: 1, attributes: attributes).encoded().withPacketView {
            DynamicAuthorizationRequest.read($0)
        }
    }

    private func understood(_ code: PacketCode, _ attributes: [Attribute]) throws -> DynamicAuthorizationRequest {
        guard case .request(let request) = try read(code, attributes) else {
            throw RADIUSError(.unexpectedCode)
        }
        return request
    }

    @Test func `a disconnection names NAS and session`() throws {
        let request = try understood(
            .disconnectRequest,
            [nas, station, Attribute(.eventTimestamp, uint32: 1000), Attribute(.proxyState, [1])])
        #expect(request.action == .disconnect && request.nas == [nas] && request.session == [station])
        #expect(request.changes.isEmpty && request.eventTimestamp == 1000)
    }

    @Test func `a change has what shall change behind what names the session`() throws {
        let timeout = Attribute(.sessionTimeout, uint32: 60)
        let request = try understood(.coaRequest, [station, timeout, Attribute(vendor: 14988, type: 8, [1])])
        #expect(request.action == .change && request.changes.count == 2 && request.changes[0] == timeout)
    }

    @Test func `Authorize-Only needs a State, and no other service is known (RFC 5176 §3.2)`() throws {
        let only = Attribute(.serviceType, uint32: 17)
        #expect(
            try understood(.coaRequest, [station, only, Attribute(.state, [9])]).action == .authorizeOnly(state: [9]))
        #expect(try read(.coaRequest, [station, only]) == .refused(.missingAttribute))
        let login = Attribute(.serviceType, uint32: 1)
        #expect(try read(.coaRequest, [station, login]) == .refused(.unsupportedService))
    }

    @Test func `no session, a change in a disconnection and other codes are refused`() throws {
        #expect(try read(.disconnectRequest, [nas]) == .refused(.missingAttribute))
        #expect(
            try read(.disconnectRequest, [station, Attribute(.sessionTimeout, uint32: 1)])
                == .refused(.unsupportedAttribute))
        #expect(
            try understood(.disconnectRequest, [station, Attribute(.acctTerminateCause, uint32: 6)]).action
                == .disconnect)
        #expect(try read(.accountingRequest, [station]) == .refused(.invalidRequest))
    }

    @Test(arguments: [(700, true), (699, false), (1300, true), (1301, false), (1000, true)] as [(UInt32, Bool)])
    func `a timestamp is believed within 300 s (RFC 5176 §6.3)`(stamp: UInt32, fresh: Bool) throws {
        let request = try understood(
            .disconnectRequest, [station, Attribute(.eventTimestamp, uint32: stamp)])
        #expect(request.isFresh(now: 1000) == fresh)
        #expect(try understood(.disconnectRequest, [station]).isFresh(now: 1000) == nil)
    }
}
