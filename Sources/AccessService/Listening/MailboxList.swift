import Synchronization

/// The mailboxes of the packet threads by index, known once the sockets are bound.
final class MailboxList: Sendable {
    private let mailboxes = Mutex<[Mailbox]>([])

    func replace(_ mailboxes: [Mailbox]) { self.mailboxes.withLock { $0 = mailboxes } }

    func post(_ message: Mailbox.Message, to thread: Int) {
        let mailbox = mailboxes.withLock { $0.indices.contains(thread) ? $0[thread] : nil }
        mailbox?.post(message)
    }

    var count: Int { mailboxes.withLock(\.count) }

    var all: [Mailbox] { mailboxes.withLock(\.self) }
}
