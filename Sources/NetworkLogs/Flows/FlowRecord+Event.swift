/// What is known of a message apart from its records.
struct FlowContext: Sendable {
    /// The header's time, milliseconds since 1970 UTC.
    var exported: Int64
    /// The exporter's uptime when it sent the message, milliseconds; nil for IPFIX, whose header has none.
    var uptime: UInt32?
    /// When the exporter started, if options said so (`systemInitTimeMilliseconds`); 0 otherwise.
    var systemInit: Int64
}

/// What a record came to.
enum FlowMeaning {
    case event(NetworkEvent)
    case untranslated
    case denied
    case other
}

extension FlowRecord {
    /// The event of a record.
    ///
    /// `natEvent` follows RFC 8158 §4.3. Junos numbers its events by an older draft: 1 and 2 are creation and deletion in
    /// both; from 10 on the numbers differ and are told apart by what the record holds, since events about exhausted
    /// resources have no pair of addresses and those about bindings without ports have no range.
    @inline(__always) func meaning(_ context: FlowContext, _ options: ParserOptions) -> FlowMeaning {
        if natEvent != 0 { return natMeaning(context, options) }
        switch firewallEvent {
        case 0: return session(context, options)
        case 1: return translated(.natCreated, context, options)
        case 2: return translated(.natDeleted, context, options)
        case 3: return .denied
        case 5: return translated(.natUpdated, context, options)
        default: return .other
        }
    }

    private var hasPair: Bool { !source.isNone && !postSource.isNone }

    @inline(__always) private func natMeaning(_ context: FlowContext, _ options: ParserOptions) -> FlowMeaning {
        switch natEvent {
        case 1, 4, 6, 8: binding(.natCreated, context, options)
        case 2, 5, 7, 9: binding(.natDeleted, context, options)
        case 10: hasPair ? binding(.natCreated, context, options) : .other
        case 11: hasPair ? binding(.natDeleted, context, options) : .other
        case 12: hasPair ? binding(.addressBound, context, options) : .other
        case 13: hasPair ? binding(.addressUnbound, context, options) : .other
        case 14: hasPair ? binding(hasRange ? .portBlockAllocated : .addressBound, context, options) : .other
        case 15: hasPair ? binding(hasRange ? .portBlockFreed : .addressUnbound, context, options) : .other
        case 16: hasPair ? binding(.portBlockAllocated, context, options) : .other
        case 17: hasPair ? binding(.portBlockFreed, context, options) : .other
        default: .other
        }
    }

    private var hasRange: Bool { portStart != 0 || portEnd != 0 }

    /// A record that says itself that there is a binding, even if both sides are equal.
    @inline(__always) private func binding(
        _ kind: NetworkEvent.Kind, _ context: FlowContext, _ options: ParserOptions
    ) -> FlowMeaning {
        var event = base(kind, context)
        if hasPair {
            fillInside(&event, options)
        } else if !destination.isNone, !postDestination.isNone {
            fillOutside(&event, options)
        } else {
            return .other
        }
        if kind == .portBlockAllocated || kind == .portBlockFreed { event.publicPorts = block }
        return .event(event)
    }

    /// A flow with its interval, if a side was translated.
    @inline(__always) private func session(_ context: FlowContext, _ options: ParserOptions) -> FlowMeaning {
        let meaning = translated(.natSession, context, options)
        guard case .event(var event) = meaning else { return meaning }
        if event.kind == .natSession, event.start == nil || event.end == nil { event.kind = .natUpdated }
        return .event(event)
    }

    @inline(__always) private func translated(
        _ kind: NetworkEvent.Kind, _ context: FlowContext, _ options: ParserOptions
    ) -> FlowMeaning {
        let inside = hasPair && (postSource != source || (postSourcePort != 0 && postSourcePort != sourcePort))
        let outside =
            !destination.isNone && !postDestination.isNone
            && (postDestination != destination || (postDestinationPort != 0 && postDestinationPort != destinationPort))
        guard inside || outside else {
            guard options.contains(.keepsUntranslated), !source.isNone else { return .untranslated }
            var event = base(.flow, context)
            (event.privateAddress, event.privatePort) = (source, sourcePort)
            if options.contains(.keepsDestination) {
                (event.destinationAddress, event.destinationPort) = (destination, destinationPort)
            }
            return .event(event)
        }
        var event = base(kind, context)
        if inside { fillInside(&event, options) } else { fillOutside(&event, options) }
        return .event(event)
    }

    @inline(__always) private func fillInside(_ event: inout NetworkEvent, _ options: ParserOptions) {
        (event.privateAddress, event.privatePort) = (source, sourcePort)
        event.publicAddress = postSource
        event.publicPorts = hasRange ? block : PortRange(postSourcePort)
        guard options.contains(.keepsDestination) else { return }
        (event.destinationAddress, event.destinationPort) = (destination, destinationPort)
    }

    @inline(__always) private func fillOutside(_ event: inout NetworkEvent, _ options: ParserOptions) {
        event.origin = .outside
        event.mac = nil
        (event.privateAddress, event.privatePort) = (postDestination, postDestinationPort)
        (event.publicAddress, event.publicPorts) = (destination, PortRange(destinationPort))
        guard options.contains(.keepsDestination) else { return }
        (event.destinationAddress, event.destinationPort) = (source, sourcePort)
    }

    /// The ports of a block: its end, or else its size (RFC 8158).
    private var block: PortRange {
        var last = portEnd
        if last == 0, portCount > 0 {
            let span = (UInt32(portCount) - 1) * UInt32(max(portStep, 1))
            last = UInt16(clamping: UInt32(portStart) + span)
        }
        return PortRange(first: portStart, last: max(last, portStart), step: max(portStep, 1))
    }

    // MARK: Time

    @inline(__always) private func base(_ kind: NetworkEvent.Kind, _ context: FlowContext) -> NetworkEvent {
        let began = start != 0 ? start : startUptimeStated ? instant(startUptime, context) : 0
        let ended = end != 0 ? end : endUptimeStated ? instant(endUptime, context) : 0
        var time = observed
        if time == 0 { time = kind == .natCreated || kind == .portBlockAllocated ? began : ended }
        if time == 0 { time = began != 0 ? began : context.exported }
        var event = NetworkEvent(kind, time: time)
        event.networkProtocol = networkProtocol
        if began != 0 { event.start = began }
        if ended != 0 { event.end = ended }
        if mac != 0 { event.mac = MACAddress(value: mac) }
        if flowID != 0 { event.sessionID = flowID }
        return event
    }

    /// The instant of an uptime, which wraps every 49.7 days: the one nearest to the message's. 0 when it cannot be told.
    @inline(__always) private func instant(_ uptime: UInt32, _ context: FlowContext) -> Int64 {
        if let sent = context.uptime { return context.exported - Int64(Int32(bitPattern: sent &- uptime)) }
        let initial = systemInit != 0 ? systemInit : context.systemInit
        guard initial != 0 else { return 0 }
        let sent = UInt32(truncatingIfNeeded: context.exported - initial)
        return context.exported - Int64(Int32(bitPattern: sent &- uptime))
    }
}
