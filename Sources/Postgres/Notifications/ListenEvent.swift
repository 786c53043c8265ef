/// What a subscriber to notifications is told.
public enum ListenEvent: Sendable, Equatable {
    /// Notifications arrive from here on. Before this moment some may have been missed, at the start and after each
    /// reconnect or overflow: read what you need from the tables now.
    case listening
    /// `NOTIFY channel, 'payload'`, sent by a committed transaction.
    case notification(channel: String, payload: String)
    /// The connection is lost; `listening` follows when there is a new one.
    case lost
}
