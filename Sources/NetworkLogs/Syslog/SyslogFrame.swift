/// What a framer found in a stream of syslog messages.
public enum SyslogFrame {
    /// A whole message without its frame, at an octet of the stream counted from 0. Valid during the call.
    case message(UnsafeRawBufferPointer, offset: UInt64)
    /// Octets that are no message, and the octet of the stream where they begin.
    case skipped(FrameFault, offset: UInt64)
}

/// Why octets of a stream were skipped; `rawValue` is the name to count them under.
public enum FrameFault: String, Sendable, CaseIterable {
    /// A message longer than the framer's maximum.
    case oversized = "frame_oversized"
    /// No octet count where the framing demands one (RFC 6587 §3.4.1).
    case badLength = "frame_bad_length"
    /// The stream ended inside a message.
    case truncated = "frame_truncated"
}
