import COpenSSL

extension TLSSession {
    /// The longest plaintext of one record (RFC 8446 §5.1).
    private static let longestRecord = 16_384

    /// How many octets wait to be taken.
    public var pendingOutput: Int { BIO_ctrl_pending(output) }

    /// TLS records to send, at most `limit` octets of them, in order; none when there is nothing to send.
    ///
    /// Also after a failure or an end: what is left then is the alert that tells the peer.
    public func takeOutput(_ limit: Int = .max) -> [UInt8] {
        let count = min(pendingOutput, limit, Int(Int32.max))
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = max(Int(BIO_read(output, buffer.baseAddress, Int32(count))), 0)
        }
    }

    /// Encrypts `plaintext`. Throws `.notEstablished` before the handshake is done, `.outputTooLarge` when more than
    /// ``longestBacklog`` octets would wait to be taken: neither ends the session.
    public func write(_ plaintext: [UInt8]) throws(TLSFailure) {
        try requireOpen()
        guard state == .established else { throw TLSFailure(.notEstablished) }
        guard plaintext.count <= Self.longestBacklog, pendingOutput <= Self.longestBacklog - plaintext.count else {
            throw TLSFailure(.outputTooLarge)
        }
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        defer { ERR_clear_error() }
        var written = 0
        guard SSL_write_ex(ssl, plaintext, plaintext.count, &written) == 1, written == plaintext.count else {
            throw fail(.classified(ssl, fatalAlert))
        }
    }

    /// Decrypts what was received, at most `limit` octets of it (1…131 072); none when no whole record waits.
    ///
    /// Also takes what TLS sends to itself: a client must read to get its tickets. An orderly end by the peer makes the
    /// state `.closed` and is answered; what came before it is still returned.
    public func read(upTo limit: Int = 16_384) throws(TLSFailure) -> [UInt8] {
        guard state != .closed || failure != nil else { return [] }
        try requireOpen()
        guard state == .established else { throw TLSFailure(.notEstablished) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        let room = min(max(limit, 1), Self.longestBacklog)
        var plaintext: [UInt8] = []
        while plaintext.count < room {
            let piece = readRecord(min(room - plaintext.count, Self.longestRecord))
            guard !piece.isEmpty else { break }
            plaintext += piece
        }
        // What was decrypted before the fault is given out first; the next call throws.
        if let failure, plaintext.isEmpty { throw failure }
        return plaintext
    }

    /// Empty when there is no record to read, the peer closed, or the session failed.
    private func readRecord(_ room: Int) -> [UInt8] {
        var result: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            result = SSL_read_ex(ssl, buffer.baseAddress, room, &count)
            if result != 1 { count = 0 }
        }
        guard result != 1 else { return piece }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ:
            // A peer that asks for new keys again and again is answered each time.
            if pendingOutput > 2 * Self.longestBacklog { _ = fail(TLSFailure(.outputTooLarge)) }
        case SSL_ERROR_ZERO_RETURN:
            SSL_shutdown(ssl)
            state = .closed
        default: _ = fail(.classified(ssl, fatalAlert))
        }
        return []
    }

    /// Ends the session in order: the peer is told (`close_notify`), nothing can be written or read any more.
    public func close() {
        guard state == .established else {
            state = .closed
            return
        }
        ERR_clear_error()
        defer { ERR_clear_error() }
        SSL_shutdown(ssl)
        state = .closed
    }

    /// Keying material that both ends have and nobody else (RFC 5705, RFC 8446 §7.5): 1…1024 octets.
    ///
    /// On TLS 1.2 an empty context and none give different material; on TLS 1.3 the same. Throws `.notEstablished`
    /// before the handshake is done, `.outputTooLarge` for a length out of range.
    public func exportKeyingMaterial(
        label: String, context: [UInt8]? = nil, length: Int
    ) throws(TLSFailure) -> [UInt8] {
        guard state == .established else { throw TLSFailure(.notEstablished) }
        guard (1...Self.longestExport).contains(length), label.utf8.count <= Self.longestExport,
            context?.count ?? 0 <= Self.longestExport
        else { throw TLSFailure(.outputTooLarge) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        var material = [UInt8](repeating: 0, count: length)
        let (name, octets) = (Array(label.utf8CString), context ?? [])
        let result = SSL_export_keying_material(
            ssl, &material, length, name, name.count - 1, octets, octets.count, context == nil ? 0 : 1)
        guard result == 1 else { throw TLSFailure(.operationFailed) }
        return material
    }
}
