import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "1.41.0");
