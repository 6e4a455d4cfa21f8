/** Names by which Nest injects what is an interface or a value. */
export const EXECUTION_SERVICE = Symbol('EXECUTION_SERVICE');
export const SEAL_SERVICE = Symbol('SEAL_SERVICE');
export const CONFIG = Symbol('CONFIG');
export const BUILD_INFO = Symbol('BUILD_INFO');
