/// What FreeRADIUS is in a test.
extension FreeRADIUS {
    /// A home server with passwords, PAP and CHAP.
    static func home(_ users: String) -> Body {
        Body(
            users: users,
            server: """
                authorize {
                    files
                    chap
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    Auth-Type CHAP {
                        chap
                    }
                }
                preacct {
                }
                accounting {
                    ok
                }
                """)
    }

    /// A home server of EAP-TTLS and PEAP, with the server certificate of `files`.
    static func eapHome(_ users: String, _ files: EAPFiles) -> Body {
        Body(
            users: users, top: innerServer,
            modules: """
                mschap {
                }
                eap {
                    default_eap_type = ttls
                    tls-config common {
                        private_key_file = \(files.path("server.key"))
                        certificate_file = \(files.path("server.pem"))
                        ca_file = \(files.path("ca.pem"))
                        tls_min_version = "1.2"
                        tls_max_version = "1.3"
                        ecdh_curve = ""
                    }
                    ttls {
                        tls = common
                        virtual_server = "inner"
                    }
                    peap {
                        tls = common
                        default_eap_type = mschapv2
                        virtual_server = "inner"
                    }
                    mschapv2 {
                    }
                }
                """,
            server: """
                authorize {
                    eap
                }
                authenticate {
                    eap
                }
                preacct {
                }
                accounting {
                    ok
                }
                """)
    }

    /// Who answers inside the tunnel.
    private static let innerServer = """
        server inner {
            authorize {
                mschap
                eap {
                    ok = return
                }
                files
                pap
            }
            authenticate {
                Auth-Type PAP {
                    pap
                }
                Auth-Type MS-CHAP {
                    mschap
                }
                eap
            }
        }
        """

    /// A proxy that sends a realm to a port of the loopback; `strips` takes the realm off the name.
    static func proxy(_ realm: String, to port: UInt16, secret: String, strips: Bool = true) -> Body {
        Body(
            top: """
                proxy server {
                    default_fallback = no
                }
                home_server socle {
                    type = auth+acct
                    ipaddr = 127.0.0.1
                    port = \(port)
                    secret = \(secret)
                    status_check = status-server
                }
                home_server_pool socle {
                    home_server = socle
                }
                realm \(realm) {
                    auth_pool = socle
                    \(strips ? "" : "nostrip")
                }
                """,
            modules: """
                realm suffix {
                    format = suffix
                    delimiter = "@"
                }
                """,
            server: """
                authorize {
                    suffix
                }
                pre-proxy {
                    update proxy-request {
                        Message-Authenticator := 0x00
                    }
                }
                """)
    }
}
