/// A message whose header was read, and what its dialects need to make events of it.
struct Line {
    /// At the content's first octet; places count from the message's.
    let content: Cursor
    let header: SyslogHeader
    let clock: SourceClock
    let options: ParserOptions
    let receivedAt: Int64

    /// An event at the header's time.
    @inline(__always) func event(_ kind: NetworkEvent.Kind) -> NetworkEvent {
        NetworkEvent(kind, time: header.time, traits: header.timeTraits)
    }

    /// Whether the header names this program.
    @inline(__always) func isFrom(_ program: StaticString) -> Bool {
        header.application.count == program.utf8CodeUnitCount
            && content.matches(program, at: header.application.lowerBound)
    }

    /// Sets a destination if destinations are kept.
    @inline(__always) func keep(destination address: NetworkAddress, _ port: UInt16, in event: inout NetworkEvent) {
        guard options.contains(.keepsDestination) else { return }
        (event.destinationAddress, event.destinationPort) = (address, port)
    }

    /// The outcome for a connection without translation.
    func untranslated(_ endpoints: Translation, _ event: NetworkEvent) -> LineOutcome {
        guard options.contains(.keepsUntranslated), !endpoints.source.address.isNone else {
            return .ignored(.noTranslation)
        }
        var flow = event
        flow.kind = .flow
        (flow.privateAddress, flow.privatePort) = (endpoints.source.address, endpoints.source.port)
        keep(destination: endpoints.destination.address, endpoints.destination.port, in: &flow)
        return .event(flow)
    }
}

/// An address and a port.
struct Endpoint: Equatable {
    var address = NetworkAddress.none
    var port: UInt16 = 0
}

/// The ends of a connection before and after translation.
struct Translation {
    var source = Endpoint()
    var destination = Endpoint()
    /// The source as the destination sees it.
    var translatedSource = Endpoint()
    /// Whom the destination turned out to be.
    var translatedDestination = Endpoint()

    mutating func forgetPorts() {
        (source.port, destination.port, translatedSource.port, translatedDestination.port) = (0, 0, 0, 0)
    }

    /// Fills an event with the translated pair; false when nothing was translated. A translated source goes before a
    /// translated destination: it is the visitor's.
    @inline(__always) func fill(_ event: inout NetworkEvent, _ line: Line) -> Bool {
        if !translatedSource.address.isNone, translatedSource != source {
            event.origin = .inside
            (event.privateAddress, event.privatePort) = (source.address, source.port)
            event.publicAddress = translatedSource.address
            event.publicPorts = PortRange(translatedSource.port)
            line.keep(destination: destination.address, destination.port, in: &event)
            return true
        }
        if !translatedDestination.address.isNone, translatedDestination != destination {
            event.origin = .outside
            // The hardware address of a line is its sender's: here, of the router in front.
            event.mac = nil
            (event.privateAddress, event.privatePort) = (translatedDestination.address, translatedDestination.port)
            event.publicAddress = destination.address
            event.publicPorts = PortRange(destination.port)
            line.keep(destination: source.address, source.port, in: &event)
            return true
        }
        return false
    }
}
