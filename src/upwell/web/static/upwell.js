// What pages do beyond links and forms. Everything works without this file; with it, drafts save themselves.
"use strict";
