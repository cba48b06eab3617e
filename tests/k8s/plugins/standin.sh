# What the stand-ins for credential plugins share. Each behaves towards its caller as the real program does; what it
# gives and how it ends is told by the test:
#   STANDIN_COUNT    a file that gets a line at each run
#   STANDIN_TOKENS   a file; the token of the n-th run is its n-th line (the last one, when there are fewer)
#   STANDIN_LIFE     seconds until the credential expires
#   STANDIN_MODE     ok, fail, garbage, hang, flood, wrong-version, half-certificate, empty
#   STANDIN_CERT, STANDIN_KEY   PEM files
echo run >> "$STANDIN_COUNT"
n=$(wc -l < "$STANDIN_COUNT")
token=$(sed -n "${n}p" "$STANDIN_TOKENS")
[ -n "$token" ] || token=$(tail -n 1 "$STANDIN_TOKENS")
expires=$(date -u -d "@$(($(date +%s) + ${STANDIN_LIFE:-3600}))" +%Y-%m-%dT%H:%M:%SZ)
# The version that the caller asks for, as the real programs look it up.
version=$(printf %s "$KUBERNETES_EXEC_INFO" | sed -n 's/.*"apiVersion":"\([^"]*\)".*/\1/p')
case ${STANDIN_MODE:-ok} in
  garbage) echo "Opening in existing browser session."; exit 0 ;;
  hang) sleep 600 & wait ;;
  flood) head -c 3000000 /dev/zero | tr '\0' x; exit 0 ;;
  wrong-version) version=client.authentication.k8s.io/v1alpha1 ;;
  empty) exit 0 ;;
esac
json_lines() { awk '{printf "%s\\n", $0}' "$1"; }
