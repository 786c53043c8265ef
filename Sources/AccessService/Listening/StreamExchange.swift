/// One request of a connection, from its arrival until nobody holds it any more: answered, dropped or forgotten, it then
/// gives its place among the connection's requests back.
final class StreamExchange: Sendable {
    let connection: StreamConnection

    /// Takes a place on the connection; nil when all are taken.
    init?(on connection: StreamConnection) {
        guard connection.takePlace() else { return nil }
        self.connection = connection
    }

    deinit { connection.releasePlace() }
}
