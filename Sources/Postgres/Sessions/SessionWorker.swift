internal import Foundation

/// The thread of one connection that is lent to one task at a time.
final class SessionWorker {
    private let keeper: Keeper<Checkout>
    private let settings: LinkSettings

    init(keeper: Keeper<Checkout>, settings: LinkSettings) {
        self.keeper = keeper
        self.settings = settings
    }

    /// Returns when the lane is drained or its time is over.
    func run() { keeper.run(settings, serve) }

    /// Until the connection is lost, or was lent for a session whose traces nobody wants, or the thread must stop.
    private func serve(_ link: Link, _ connection: Connection) {
        while true {
            guard let checkout = keeper.lane.take(1, for: keeper.wakeup).first else {
                if keeper.mustStop { return }
                let ready = keeper.wakeup.wait(socket: connection.socket, events: Int32(POLLIN), until: keeper.tick())
                if ready.events != 0, link.isLostWhileIdle() { return }
                continue
            }
            let isReusable = lend(link, connection, to: checkout)
            if !isReusable { return }
        }
    }

    private func lend(_ link: Link, _ connection: Connection, to checkout: Checkout) -> Bool {
        if checkout.isTransaction {
            switch begin(link, checkout) {
            case .begun: break
            case .refused(let error, let isAlive):
                checkout.fail(error)
                keeper.lane.finished(1)
                return isAlive
            case .lost:
                // Nothing happened yet, so it waits on, until its deadline, for another connection.
                keeper.lane.finished(1, again: [checkout])
                return false
            }
        }
        defer { keeper.lane.finished(1) }
        let session = Session(wakeup: keeper.wakeup, timeout: settings.timeout)
        guard checkout.finish(.success(session)) else {
            return checkout.isTransaction && run(statement("ROLLBACK"), link)
        }
        let isReusable = work(for: session, link, connection, inTransaction: checkout.isTransaction)
        session.close(PostgresError(connection.isAlive ? .closed : .connectionLost))
        return isReusable
    }

    // MARK: BEGIN

    private enum Beginning {
        case begun, lost
        case refused(PostgresError, isAlive: Bool)
    }

    private func begin(_ link: Link, _ checkout: Checkout) -> Beginning {
        var calls = [statement("BEGIN")]
        if !checkout.settings.isEmpty {
            calls.append(statement(Setting.statement(checkout.settings)))
        }
        let outcome = link.run(calls, inTransaction: true, keeper.watch)
        if !outcome.isAlive { return .lost }
        for call in calls {
            if let error = call.failure {
                let isClean = run(statement("ROLLBACK"), link)
                return .refused(error, isAlive: isClean)
            }
        }
        return .begun
    }

    private func statement(_ sql: SQL) -> Call { Call(sql, deadline: .now + settings.timeout) }

    // MARK: The body's statements

    /// - Returns: true when the connection can be lent again.
    private func work(for session: Session, _ link: Link, _ connection: Connection, inTransaction: Bool) -> Bool {
        while true {
            guard let call = session.next() else {
                if keeper.isOver { return false }
                let ready = keeper.wakeup.wait(socket: connection.socket, events: Int32(POLLIN), until: keeper.tick())
                if ready.events != 0, link.isLostWhileIdle() { return false }
                continue
            }
            let isAlive: Bool
            switch call.mode {
            case .prepared: isAlive = run(call, link, losing: inTransaction ? .connectionLost : .unknownOutcome)
            case .end:
                return run(call, link) && inTransaction
            case .script, .copyStart, .copyData, .copyEnd:
                isAlive = link.runPlain(call, keeper.watch)
            }
            if !isAlive { return false }
        }
    }

    private func run(_ call: Call, _ link: Link, losing: PostgresError.Code = .unknownOutcome) -> Bool {
        link.run([call], inTransaction: true, losing: losing, keeper.watch).isAlive
    }
}
