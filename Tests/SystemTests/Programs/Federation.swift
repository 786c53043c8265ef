import Foundation

/// A roaming federation in small: FreeRADIUS as a college's server of EAP-TTLS, radsecproxy before it as the federation's
/// proxy, and certificates of an authority that `socle pki` has made.
final class Federation: Sendable {
    static let realm = "college.test"
    static let serverName = "radius.federation.test"
    let folder: TemporaryFolder
    /// Where radsecproxy listens, TCP.
    let port: UInt16
    private let college: Daemon
    private let proxy: Daemon

    /// Starts it; `user` logs in with `password`.
    init(user: String, password: String) async throws {
        folder = try TemporaryFolder("federation")
        let ports = try Ports.free()
        port = ports.portalTLS
        let socle = try Product.executable()
        let authority = ["--directory", folder.path("pki")]
        try await Command([socle, "pki", "init", "--name", "Federation", "--server-name", Self.serverName] + authority)
            .run()
        try await Command(
            [socle, "pki", "nas", "--name", "socle.departement.test", "--out", folder.path("member")] + authority
        ).run()
        let freeradius = Self.freeradius(folder, ports, "\(user) Cleartext-Password := \"\(password)\"")
        for (name, text) in freeradius { try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8) }
        try Self.radsecproxy(folder, ports).write(
            toFile: folder.path("radsecproxy.conf"), atomically: true, encoding: .utf8)
        college = try Daemon(
            "freeradius", ["freeradius", "-f", "-xx", "-l", "stdout", "-d", folder.url.path],
            log: folder.url.appending(path: "freeradius.log"))
        let college = college
        try await eventually("FreeRADIUS listens") { college.text.contains("Ready to process requests") }
        proxy = try Daemon(
            "radsecproxy", ["radsecproxy", "-f", "-d", "3", "-c", folder.path("radsecproxy.conf")],
            log: folder.url.appending(path: "radsecproxy.log"))
    }

    /// What `access` in our configuration has to say to send the realm there.
    var access: String {
        """
          proxy:
            operator_name: departement.test
            servers:
              federation:
                transport: tls
                address: 127.0.0.1
                port: \(port)
                server_name: \(Self.serverName)
                certificate: \(folder.path("member.pem"))
                key: \(folder.path("member.key"))
                authorities: \(folder.path("pki/ca.pem"))
                revocations: \(folder.path("pki/crl.pem"))
            pools: { federation: { servers: [federation] } }
            realms: { "\(Self.realm)": federation }
        """
    }

    /// What FreeRADIUS has said.
    var log: String { college.text }

    /// Ends it.
    func end() async throws {
        for daemon in [proxy, college] {
            daemon.send(SIGKILL)
            try await daemon.ended()
        }
        folder.remove()
    }

    private static func freeradius(_ folder: TemporaryFolder, _ ports: Ports, _ users: String) -> [String: String] {
        let configuration = """
            prefix = /usr
            confdir = \(folder.url.path)
            run_dir = \(folder.url.path)
            logdir = \(folder.url.path)
            libdir = /usr/lib/freeradius
            pidfile = \(folder.path("freeradius.pid"))
            security {
                status_server = yes
            }
            client proxy {
                ipaddr = 127.0.0.1
                secret = between-proxy-and-college
            }
            modules {
                pap {
                }
                always ok {
                    rcode = ok
                }
                files {
                    usersfile = \(folder.path("users"))
                }
                eap {
                    default_eap_type = ttls
                    tls-config common {
                        private_key_file = \(folder.path("pki/server.key"))
                        certificate_file = \(folder.path("pki/server.pem"))
                        ca_file = \(folder.path("pki/ca.pem"))
                        ecdh_curve = ""
                    }
                    ttls {
                        tls = common
                        virtual_server = "inner"
                    }
                }
            }
            server default {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = \(ports.authentication)
                }
                listen {
                    type = acct
                    ipaddr = 127.0.0.1
                    port = \(ports.accounting)
                }
                authorize {
                    eap
                }
                authenticate {
                    eap
                }
                accounting {
                    ok
                }
            }
            server inner {
                authorize {
                    files
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                }
            }
            """
        return ["radiusd.conf": configuration, "users": users + "\n"]
    }

    private static func radsecproxy(_ folder: TemporaryFolder, _ ports: Ports) -> String {
        func server(_ name: String, _ port: UInt16) -> String {
            """
            server \(name) {
                host 127.0.0.1
                port \(port)
                type udp
                secret between-proxy-and-college
            }

            """
        }
        return """
            ListenTLS 127.0.0.1:\(ports.portalTLS)
            tls default {
                CACertificateFile \(folder.path("pki/ca.pem"))
                CertificateFile \(folder.path("pki/radsec.pem"))
                CertificateKeyFile \(folder.path("pki/radsec.key"))
            }
            client socle {
                host 127.0.0.1
                type tls
                secret radsec
                CertificateNameCheck off
            }

            """ + server("college", ports.authentication) + server("accounting", ports.accounting) + """
                realm * {
                    server college
                    accountingServer accounting
                }

                """
    }
}
