internal import CZstd

/// One zstd context for the blocks of a segment. Each block is one frame with its size in front.
final class BlockCompressor {
    private let context: OpaquePointer

    init() throws(EvidenceError) {
        guard let context = ZSTD_createCCtx() else { throw EvidenceError(.compression, in: "compressor") }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends the frame of `octets` to `output`. A zstd block ends at each of `cuts`, so that columns which have little
    /// in common do not share one code.
    func compress(_ octets: UnsafeRawBufferPointer, cuts: [Int], to output: OctetBuffer) throws(EvidenceError) {
        try check(ZSTD_CCtx_reset(context, ZSTD_reset_session_only))
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, BlockCompressor.level))
        try check(ZSTD_CCtx_setPledgedSrcSize(context, UInt64(octets.count)))
        var input = ZSTD_inBuffer(src: octets.baseAddress, size: 0, pos: 0)
        for cut in cuts where cut < octets.count {
            input.size = cut
            try drain(&input, ZSTD_e_flush, to: output)
        }
        input.size = octets.count
        try drain(&input, ZSTD_e_end, to: output)
    }

    static let level: Int32 = 3

    private func drain(
        _ input: inout ZSTD_inBuffer, _ directive: ZSTD_EndDirective, to output: OctetBuffer
    ) throws(EvidenceError) {
        while true {
            let room = ZSTD_compressBound(input.size - input.pos) + 64
            var place = ZSTD_outBuffer(dst: output.room(room), size: room, pos: 0)
            let left = ZSTD_compressStream2(context, &place, &input, directive)
            try check(left)
            output.advance(place.pos)
            if left == 0, input.pos == input.size { return }
        }
    }

    private func check(_ code: Int) throws(EvidenceError) {
        guard ZSTD_isError(code) == 0 else { throw EvidenceError(.compression, in: "compressor") }
    }
}

/// Expands one frame into exactly the octets it announces.
enum BlockExpander {
    /// Refuses a frame that announces no size, or more than `limit`, before any memory is taken.
    static func expand(_ frame: [UInt8], limit: Int, _ structure: String) throws(EvidenceError) -> [UInt8] {
        let announced = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // ZSTD_CONTENTSIZE_UNKNOWN and _ERROR are the two greatest numbers.
        guard announced < UInt64.max - 1 else { throw EvidenceError(.compression, in: structure) }
        guard announced <= UInt64(limit) else { throw EvidenceError(.limitExceeded, in: structure) }
        let size = Int(announced)
        let expanded = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            let written = frame.withUnsafeBytes { ZSTD_decompress(room.baseAddress, size, $0.baseAddress, $0.count) }
            count = ZSTD_isError(written) == 0 ? min(written, size) : 0
        }
        guard expanded.count == size else { throw EvidenceError(.compression, in: structure) }
        return expanded
    }
}
