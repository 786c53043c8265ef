import Testing

@testable import Postgres

@Suite struct ListenTests {
    /// Reads events until `count` have come.
    private func take(_ count: Int, _ iterator: inout AsyncStream<ListenEvent>.Iterator) async -> [ListenEvent] {
        var events: [ListenEvent] = []
        while events.count < count, let event = await iterator.next(isolation: #isolation) { events.append(event) }
        return events
    }

    @Test(.timeLimit(.minutes(1)))
    func `a subscriber hears the channels it asked for, in order, once it is told that it listens`() async throws {
        try await withDatabase { client, _ in
            var mine = client.listen(["a", "Odd \"name"]).makeAsyncIterator()
            var other = client.listen(["b"]).makeAsyncIterator()
            #expect(await take(1, &mine) == [.listening])
            #expect(await take(1, &other) == [.listening])
            for number in 1...3 {
                _ = try await client.write("SELECT pg_notify('a', \("\(number)"))", repeatable: false)
            }
            _ = try await client.write("SELECT pg_notify('b', 'x'), pg_notify(\("Odd \"name"), 'y')", repeatable: false)
            let heard = await take(4, &mine)
            #expect(heard.dropLast() == ["1", "2", "3"].map { .notification(channel: "a", payload: $0) }[...])
            #expect(heard.last == .notification(channel: "Odd \"name", payload: "y"))
            #expect(await take(1, &other) == [.notification(channel: "b", payload: "x")])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `after a lost connection a subscriber is told of the gap and hears what comes after`() async throws {
        try await withObservedDatabase { client, observer in
            var events = client.listen(["a"]).makeAsyncIterator()
            #expect(await take(1, &events) == [.listening])
            try await expectEventually {
                try await !observer.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'tests' AND query LIKE 'LISTEN%'
                    """
                ).isEmpty
            }
            #expect(await take(2, &events) == [.lost, .listening])
            _ = try await observer.write("SELECT pg_notify('a', 'after')", repeatable: false)
            #expect(await take(1, &events) == [.notification(channel: "a", payload: "after")])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a subscriber that reads too slowly loses events and is told to catch up`() async throws {
        try await withDatabase { client, _ in
            var events = client.listen(["a"]).makeAsyncIterator()
            #expect(await take(1, &events) == [.listening])
            let many = ListenerHub.bufferedEvents + 500
            _ = try await client.write(
                "SELECT pg_notify('a', n::text) FROM generate_series(1, \(many)) n", repeatable: false)
            // The last one arrives only after all the others were delivered or dropped.
            var marker = client.listen(["b"]).makeAsyncIterator()
            #expect(await take(1, &marker) == [.listening])
            let heard = await take(ListenerHub.bufferedEvents, &events)
            #expect(heard.last == .notification(channel: "a", payload: "\(ListenerHub.bufferedEvents)"))
            #expect(await take(1, &events) == [.listening])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a stream ends with its client, and one asked for afterwards is over`() async throws {
        let (client, stream) = try await withDatabase { client, _ in
            let stream = client.listen(["a"])
            var events = stream.makeAsyncIterator()
            #expect(await take(1, &events) == [.listening])
            return (client, stream)
        }
        for await event in stream { #expect(event == .lost) }
        for await _ in client.listen(["a"]) { Issue.record("an event of a client that has ended") }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the server forgets a channel that nobody listens to any more`() async throws {
        try await withObservedDatabase { client, observer in
            var kept = client.listen(["kept"]).makeAsyncIterator()
            #expect(await take(1, &kept) == [.listening])
            do {
                var dropped = client.listen(["dropped"]).makeAsyncIterator()
                #expect(await take(1, &dropped) == [.listening])
            }
            try await expectEventually {
                try await !observer.query(
                    """
                    SELECT pid FROM pg_stat_activity WHERE datname = current_database()
                    AND application_name = 'tests' AND query LIKE 'UNLISTEN "dropped"%'
                    """
                ).isEmpty
            }
        }
    }
}
