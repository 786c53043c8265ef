import COpenSSL

// libssl calls these in the middle of a call that a TLSSession makes; each finds the session through the SSL's
// application data, which the session sets for as long as the SSL lives.
extension TLSContext {
    func installCallbacks() {
        SSL_CTX_set_info_callback(handle) { ssl, place, value in
            guard place & SSL_CB_ALERT != 0 else { return }
            TLSSession.of(ssl)?.noteAlert(isReceived: place & SSL_CB_READ != 0, value)
        }
        guard role == .server else {
            // 0 is success here, alone in libssl.
            if !protocols.isEmpty { SSL_CTX_set_alpn_protos(handle, protocols, UInt32(protocols.count)) }
            return
        }
        if !protocols.isEmpty { installProtocolChoice() }
        if ocspResponse != nil {
            tls_context_set_status(handle) { ssl, _ in
                TLSSession.of(ssl)?.staple() ?? SSL_TLSEXT_ERR_NOACK
            }
        }
        if ticketSealer != nil { installTicketCallbacks() }
    }

    private func installProtocolChoice() {
        SSL_CTX_set_alpn_select_cb(
            handle,
            { ssl, chosen, length, offered, count, _ in
                guard let ours = TLSSession.of(ssl)?.context.protocols, let chosen, let length, let offered else {
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                return ours.withUnsafeBufferPointer { ours in
                    // The answer points into the peer's offer, which outlives this call; ours would not.
                    var start = 0
                    while start < ours.count {
                        let end = min(start + 1 + Int(ours[start]), ours.count)
                        let name = UnsafeBufferPointer(rebasing: ours[(start + 1)..<end])
                        if TLSContext.find(name, in: offered, count, chosen, length) { return SSL_TLSEXT_ERR_OK }
                        start = end
                    }
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
            }, nil)
    }

    private static func find(
        _ name: UnsafeBufferPointer<UInt8>, in offered: UnsafePointer<UInt8>, _ count: UInt32,
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>, _ length: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let offer = UnsafeBufferPointer(start: offered, count: Int(count))
        var start = 0
        while start < offer.count {
            let end = start + 1 + Int(offer[start])
            guard end <= offer.count else { return false }
            if offer[(start + 1)..<end].elementsEqual(name) {
                chosen.pointee = offered + start + 1
                length.pointee = offer[start]
                return true
            }
            start = end
        }
        return false
    }
}
