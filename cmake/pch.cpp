// Only carries a precompiled header, which other targets reuse.
namespace surgeproof {
extern const int precompiled_header_carrier;
const int precompiled_header_carrier = 0;
}  // namespace surgeproof
