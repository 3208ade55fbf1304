import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "7.48.0");
